// SPDX-License-Identifier: Apache-2.0
// Not git_remote_fetch(): that takes the whole history, fails on shallow clones, and reads and writes as one
// user. A build needs one commit's files.
#include "app/forges/git/object_copy.hpp"

#include <cstring>
#include <unordered_set>
#include <utility>
#include <vector>

#include "app/forges/git/objects.hpp"
#include "app/forges/git/references.hpp"
#include "app/forges/git/repository_access.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

// libgit2 holds an object in memory while it reads and writes it.
constexpr std::size_t kMaxObjectBytes = std::size_t{1} << 30;
// More of them make one pack, which is much faster to write; fewer don't, or the packs become many.
constexpr std::size_t kFewObjects = 100;

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

struct Part {
    git_oid id{};
    std::string name;  // of a file, else empty
};

/// Finds what of a commit the mirror has not got: contents before what names them, the commit last.
class MissingParts {
public:
    MissingParts(::git_repository* source, git_odb* mirror, const FileOwner& we, const std::string& doing)
        : source_(source), mirror_(mirror), we_(we), doing_(doing) {
        check_git(make_handle(objects_, git_repository_odb, source), doing_);
    }

    std::vector<Part> of(const git_oid& commit_id) {
        GitCommitHandle commit;
        const int rc = make_handle(commit, git_commit_lookup, source_, &commit_id);
        if (rc == GIT_ENOTFOUND) throw commit_is_gone(doing_);
        check_object(rc, doing_);
        add_tree(*git_commit_tree_id(commit.get()), 0);
        add(commit_id, "");
        return std::move(parts_);
    }

private:
    void add_tree(const git_oid& id, int depth) {
        if (!is_missing(id)) return;
        if (depth > kMaxTreeDepth)
            throw RemoteError(RemoteError::Kind::GiveUp, doing_, "its folders are nested too deep");
        const GitTreeHandle tree = tree_of(source_, id, doing_);
        for (std::size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
            const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
            const git_object_t type = git_tree_entry_type(entry);
            const git_oid& part = *git_tree_entry_id(entry);
            if (type == GIT_OBJECT_TREE)
                add_tree(part, depth + 1);
            else if (type != GIT_OBJECT_COMMIT && is_missing(part))
                add(part, git_tree_entry_name(entry));
        }
        add(id, "");
    }

    /// Neither seen in this copy nor in the mirror.
    bool is_missing(const git_oid& id) {
        if (!seen_.insert(id).second) return false;
        const ActingAs us(we_, doing_);
        return git_odb_exists_ext(mirror_, &id, GIT_ODB_LOOKUP_NO_REFRESH) == 0;
    }

    void add(const git_oid& id, const std::string& name) {
        if (size_of_object(objects_.get(), id, doing_) > kMaxObjectBytes)
            throw RemoteError(RemoteError::Kind::GiveUp,
                              doing_,
                              "the file " + heddle::quoted(name) + " has more than 1 GiB");
        parts_.push_back({id, name});
    }

    ::git_repository* source_;
    git_odb* mirror_;
    const FileOwner& we_;
    const std::string& doing_;
    GitOdbHandle objects_;
    std::unordered_set<git_oid, IdHash, IdEqual> seen_;
    std::vector<Part> parts_;
};

void copy_one_by_one(const std::vector<Part>& parts,
                     ::git_repository* source,
                     git_odb* mirror,
                     const FileOwner& we,
                     const std::string& doing) {
    GitOdbHandle objects;
    check_git(make_handle(objects, git_repository_odb, source), doing);
    for (const Part& part : parts) {
        GitOdbObjectHandle object;
        check_object(make_handle(object, git_odb_read, objects.get(), &part.id), doing);
        const ActingAs us(we, doing);
        git_oid written{};
        git_error_clear();
        check_git(git_odb_write(&written,
                                mirror,
                                git_odb_object_data(object.get()),
                                git_odb_object_size(object.get()),
                                git_odb_object_type(object.get())),
                  doing);
    }
}

struct IncomingPack {
    GitIndexerHandle indexer;
    // libgit2 counts here across all calls; with fresh ones its end finds a pack of no objects: "early EOF".
    git_indexer_progress progress{};
};

int append(void* bytes, std::size_t size, void* incoming) {
    auto& to = *static_cast<IncomingPack*>(incoming);
    return git_indexer_append(to.indexer.get(), bytes, size, &to.progress);
}

/// Needs no permission but the source's: the indexer has its file open.
void pack(const std::vector<Part>& parts,
          ::git_repository* source,
          IncomingPack& incoming,
          const std::string& doing) {
    GitPackBuilderHandle packed;
    check_git(make_handle(packed, git_packbuilder_new, source), doing);
    git_packbuilder_set_threads(packed.get(), 0);  // as many as there are processors
    for (const Part& part : parts) {
        git_error_clear();
        check_object(git_packbuilder_insert(packed.get(), &part.id, part.name.c_str()), doing);
    }
    git_error_clear();
    check_object(git_packbuilder_foreach(packed.get(), append, &incoming), doing);
}

}  // namespace

void copy_commit(const std::filesystem::path& source,
                 const git_oid& commit,
                 ::git_repository* mirror,
                 const std::string& doing) {
    const FileOwner we = ourselves();
    GitOdbHandle objects;
    check_git(make_handle(objects, git_repository_odb, mirror), doing);
    const std::string folder = std::string(git_repository_path(mirror)) + "objects/pack";
    IncomingPack incoming;
    check_git(make_handle(incoming.indexer, git_indexer_new, folder.c_str(), 0U, nullptr, nullptr), doing);
    {
        const RepositoryAccess access(source, doing);
        const auto parts = MissingParts(access.get(), objects.get(), we, doing).of(commit);
        if (parts.size() <= kFewObjects)
            return copy_one_by_one(parts, access.get(), objects.get(), we, doing);
        pack(parts, access.get(), incoming, doing);
    }
    git_error_clear();
    check_git(git_indexer_commit(incoming.indexer.get(), &incoming.progress), doing);
}

}  // namespace heddle
