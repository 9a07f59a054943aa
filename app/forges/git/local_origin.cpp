// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/mirror_origin.hpp"
#include "app/forges/git/object_copy.hpp"
#include "app/forges/git/references.hpp"
#include "app/forges/git/repository_access.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {

std::string LocalOrigin::resolve(const std::string& ref, const std::string& doing) const {
    const RepositoryAccess access(path_, doing);
    const auto found =
        ref.empty() ? find_reference(access.get(), "HEAD", doing) : find_commit(access.get(), ref, doing);
    if (found) return to_hex(found->commit_id);
    git_oid id{};
    if (is_full_id(ref, id)) throw commit_is_gone(doing);
    throw no_such_reference(ref, doing);
}

void LocalOrigin::bring(const git_oid& commit, ::git_repository* mirror, const std::string& doing) const {
    copy_commit(path_, commit, mirror, doing);
}

}  // namespace heddle
