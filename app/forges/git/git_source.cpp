// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/git_source.hpp"

#include <stdexcept>

#include "app/forges/git/repository_place.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr std::size_t kFullId = 40;

/// What stands behind the last "#" of the target's URL when it is a commit.
std::string pinned_commit(const std::string& url) {
    const auto mark = url.rfind('#');
    if (mark == std::string::npos) return {};
    const std::string fragment = url.substr(mark + 1);
    const bool is_hex = fragment.find_first_not_of("0123456789abcdef") == std::string::npos;
    return is_hex && fragment.size() == kFullId ? fragment : "";
}

std::string reference_of(const ScmEvent& event) {
    if (event.event_class == EventClass::TagPush) return "refs/tags/" + event.tag;
    if (event.target.branch.empty())
        throw std::logic_error("an event without a target branch has no configuration");
    return "refs/heads/" + event.target.branch;
}

}  // namespace

std::optional<std::string> GitSource::read(const ScmEvent& event,
                                           const std::string& path,
                                           const ForgeAccess& access) {
    if (access.api_url.empty()) {
        const std::string pinned = pinned_commit(event.target.clone_url);
        const std::string commit_or_ref = pinned.empty() ? reference_of(event) : pinned;
        return mirrors_.read_file(event.repository.clone_url, commit_or_ref, path, kMaxBytes);
    }
    const std::string doing =
        "read " + heddle::quoted(path) + " of " + heddle::quoted(event.repository.full_name);
    return mirrors_.in_the_name_of(access).read_file(
        place_of(event.repository, access, doing), reference_of(event), path, kMaxBytes);
}

}  // namespace heddle
