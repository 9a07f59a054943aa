// SPDX-License-Identifier: Apache-2.0
// Not git_remote_fetch(): that takes the whole history, fails on shallow clones, and reads and writes as one
// user. A build needs one commit's files. And not packs: libgit2 1.5 writes them through a mapping, where a
// full disk is a SIGBUS; single objects go through write(2).
#include "app/forges/git/object_copy.hpp"

#include <cstring>
#include <unordered_set>

#include "app/forges/git/objects.hpp"
#include "app/forges/git/references.hpp"
#include "app/forges/git/repository_access.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

// libgit2 holds an object in memory while it reads and writes it.
constexpr std::size_t kMaxObjectBytes = std::size_t{1} << 30;

struct IdHash {
    // An id is a digest: any of its bytes are as good as a hash.
    std::size_t operator()(const git_oid& id) const {
        std::size_t hash = 0;
        std::memcpy(&hash, id.id, sizeof hash);
        return hash;
    }
};
struct IdEqual {
    bool operator()(const git_oid& a, const git_oid& b) const { return git_oid_equal(&a, &b) != 0; }
};

class ObjectCopy {
public:
    ObjectCopy(::git_repository* source, ::git_repository* mirror, const std::string& doing)
        : source_(source), we_(ourselves()), doing_(doing) {
        check_git(make_handle(from_, git_repository_odb, source), doing_);
        const ActingAs us(we_, doing_);
        check_git(make_handle(to_, git_repository_odb, mirror), doing_);
    }

    void copy_commit(const git_oid& id) {
        GitCommitHandle commit;
        const int rc = make_handle(commit, git_commit_lookup, source_, &id);
        if (rc == GIT_ENOTFOUND) throw commit_is_gone(doing_);
        check_object(rc, doing_);
        copy_tree(*git_commit_tree_id(commit.get()), 0);
        copy_object(id, "");
    }

private:
    void copy_tree(const git_oid& id, int depth) {
        if (!is_new(id)) return;
        if (depth > kMaxTreeDepth)
            throw RemoteError(RemoteError::Kind::GiveUp, doing_, "its folders are nested too deep");
        GitTreeHandle tree;
        check_object(make_handle(tree, git_tree_lookup, source_, &id), doing_);
        for (std::size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
            const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
            const git_object_t type = git_tree_entry_type(entry);
            const git_oid& part = *git_tree_entry_id(entry);
            if (type == GIT_OBJECT_TREE)
                copy_tree(part, depth + 1);
            else if (type != GIT_OBJECT_COMMIT && is_new(part))
                copy_object(part, git_tree_entry_name(entry));
        }
        copy_object(id, "");
    }

    /// Neither seen in this copy nor in the mirror.
    bool is_new(const git_oid& id) {
        if (!seen_.insert(id).second) return false;
        const ActingAs us(we_, doing_);
        return git_odb_exists_ext(to_.get(), &id, GIT_ODB_LOOKUP_NO_REFRESH) == 0;
    }

    void copy_object(const git_oid& id, const std::string& name) {
        require_fit(id, name);
        GitOdbObjectHandle object;
        check_object(make_handle(object, git_odb_read, from_.get(), &id), doing_);
        const ActingAs us(we_, doing_);
        git_oid written{};
        git_error_clear();
        check_git(git_odb_write(&written,
                                to_.get(),
                                git_odb_object_data(object.get()),
                                git_odb_object_size(object.get()),
                                git_odb_object_type(object.get())),
                  doing_);
        if (!git_oid_equal(&written, &id))
            throw DamagedRepository(doing_, to_hex(id) + " has another content");
    }

    void require_fit(const git_oid& id, const std::string& name) {
        if (size_of_object(from_.get(), id, doing_) > kMaxObjectBytes)
            throw RemoteError(RemoteError::Kind::GiveUp,
                              doing_,
                              "the file " + heddle::quoted(name) + " has more than 1 GiB");
    }

    ::git_repository* source_;
    FileOwner we_;
    const std::string& doing_;
    GitOdbHandle from_;
    GitOdbHandle to_;
    std::unordered_set<git_oid, IdHash, IdEqual> seen_;
};

}  // namespace

void copy_commit(const std::filesystem::path& source,
                 const git_oid& commit,
                 ::git_repository* mirror,
                 const std::string& doing) {
    const RepositoryAccess access(source, doing);
    ObjectCopy(access.get(), mirror, doing).copy_commit(commit);
}

}  // namespace heddle
