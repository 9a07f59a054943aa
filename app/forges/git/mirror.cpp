// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/mirror.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "app/forges/git/commit_reader.hpp"
#include "app/forges/git/commit_writer.hpp"
#include "app/forges/git/disk_failure.hpp"
#include "app/forges/git/library.hpp"
#include "app/forges/git/object_copy.hpp"
#include "app/forges/git/references.hpp"
#include "app/forges/git/repository_access.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace fs = std::filesystem;
namespace {

std::string digest_of(const std::string& text) {
    use_git_library();
    git_oid id{};
    git_error_clear();
    check_git(git_odb_hash(&id, text.data(), text.size(), GIT_OBJECT_BLOB), "name a mirror");
    return to_hex(id);
}

/// One mirror, locked: shared for reading, alone for writing, against other threads and processes.
class Mirror {
public:
    enum class Lock { Shared, Alone };

    Mirror(const fs::path& directory, fs::path source, Lock lock, const std::string& doing)
        : source_(std::move(source)), doing_(doing) {
        std::error_code problem;
        if (fs::create_directories(directory, problem))
            fs::permissions(directory, fs::perms::owner_all, problem);
        if (problem) throw disk_failure(problem.value(), doing_, directory);
        const fs::path base = directory / digest_of(source_.string());
        path_ = base.string() + ".git";
        const fs::path lock_path = base.string() + ".lock";
        lock_ = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (lock_ < 0) throw disk_failure(errno, doing_, lock_path);
        while (flock(lock_, lock == Lock::Alone ? LOCK_EX : LOCK_SH) != 0)
            if (errno != EINTR) {
                const int number = errno;
                close(lock_);
                throw disk_failure(number, doing_, lock_path);
            }
    }
    ~Mirror() {
        repository_.reset();
        close(lock_);
    }
    Mirror(const Mirror&) = delete;
    Mirror& operator=(const Mirror&) = delete;

    /// Null: there is no mirror yet, or none that works.
    ::git_repository* repository() {
        const auto flags = static_cast<unsigned>(GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_BARE);
        if (!repository_)
            make_handle(repository_,
                        git_repository_open_ext,
                        path_.c_str(),
                        flags,
                        static_cast<const char*>(nullptr));
        return repository_.get();
    }

    bool has(const git_oid& commit) { return repository() && has_commit(repository(), commit); }

    /// Needs Lock::Alone. `anew`: what is there is damaged; it stays until its successor is complete.
    void fetch(const git_oid& commit, bool anew) {
        if (anew || !repository()) return fetch_into_new(commit);
        remove_leftovers();
        copy_commit(source_, commit, repository(), doing_);
    }

private:
    void fetch_into_new(const git_oid& commit) {
        const fs::path fresh = path_.string() + ".new";
        remove_folder(fresh);
        try {
            GitRepositoryHandle made;
            check_git(make_handle(made, git_repository_init, fresh.c_str(), 1U), doing_);
            copy_commit(source_, commit, made.get(), doing_);
        } catch (...) {
            std::error_code ignored;  // the failure that is under way is the one to tell
            fs::remove_all(fresh, ignored);
            throw;
        }
        repository_.reset();
        remove_folder(path_);
        std::error_code problem;
        fs::rename(fresh, path_, problem);
        if (problem) throw disk_failure(problem.value(), doing_, path_);
    }

    void remove_folder(const fs::path& path) {
        std::error_code problem;
        fs::remove_all(path, problem);
        if (problem) throw disk_failure(problem.value(), doing_, path);
    }

    // A process that was killed while it wrote an object or a pack leaves it behind unnamed.
    void remove_leftovers() {
        std::error_code ignored;  // they only take space
        for (const fs::path& folder : {path_ / "objects", path_ / "objects" / "pack"})
            for (const auto& entry : fs::directory_iterator(folder, ignored)) {
                const bool finished =
                    entry.path().extension() == ".pack" || entry.path().extension() == ".idx";
                if (!finished && entry.is_regular_file(ignored)) fs::remove(entry.path(), ignored);
            }
    }

    fs::path source_;
    const std::string& doing_;
    fs::path path_;
    int lock_ = -1;
    GitRepositoryHandle repository_;
};

git_oid full_id(const std::string& commit, const std::string& doing) {
    git_oid id{};
    if (!is_full_id(commit, id))
        throw RemoteError(RemoteError::Kind::GiveUp, doing, heddle::quoted(commit) + " is no full commit id");
    return id;
}

/// Calls `use` with the mirror's repository, which has the commit; fetches first where needed, and once more
/// into a new mirror where the present one turns out to be damaged.
template <class Use>
auto with_commit(const fs::path& directory,
                 const fs::path& source,
                 const git_oid& commit,
                 const std::string& doing,
                 Use use) {
    for (bool anew = false;; anew = true) {
        if (anew || !Mirror(directory, source, Mirror::Lock::Shared, doing).has(commit)) {
            Mirror mirror(directory, source, Mirror::Lock::Alone, doing);
            if (anew || !mirror.has(commit)) mirror.fetch(commit, anew);
        }
        Mirror mirror(directory, source, Mirror::Lock::Shared, doing);
        try {
            if (!mirror.repository()) throw DamagedRepository(doing, "the mirror is gone");
            return use(mirror.repository());
        } catch (const DamagedRepository&) {
            if (anew) throw;
        }
    }
}

std::string resolve_in(const fs::path& source, const std::string& ref, const std::string& doing) {
    const RepositoryAccess access(source, doing);
    const auto found =
        ref.empty() ? find_reference(access.get(), "HEAD", doing) : find_commit(access.get(), ref, doing);
    if (found) return to_hex(found->commit_id);
    git_oid id{};
    if (is_full_id(ref, id)) throw commit_is_gone(doing);
    throw RemoteError(RemoteError::Kind::GiveUp,
                      doing,
                      ref.empty() ? "the repository has no commit yet"
                                  : "there is no branch, tag or commit " + heddle::quoted(ref));
}

}  // namespace

Mirrors::Mirrors(fs::path directory) : directory_(std::move(directory)) {}

std::string Mirrors::resolve(const std::string& url, const std::string& ref) const {
    const std::string doing = "look up " + (ref.empty() ? "HEAD" : heddle::quoted(ref)) + " in " + url;
    const fs::path source = local_path(url, doing);
    git_oid id{};
    if (is_full_id(ref, id) && Mirror(directory_, source, Mirror::Lock::Shared, doing).has(id))
        return to_hex(id);
    return resolve_in(source, ref, doing);
}

CheckedOut Mirrors::check_out(const std::string& url,
                              const std::string& commit,
                              const fs::path& target,
                              std::uint64_t max_bytes) const {
    const std::string doing = "check out " + commit + " of " + url;
    const git_oid id = full_id(commit, doing);
    return with_commit(directory_, local_path(url, doing), id, doing, [&](::git_repository* repository) {
        return write_commit_files(repository, id, target, max_bytes, doing);
    });
}

std::optional<std::string> Mirrors::read_file(const std::string& url,
                                              const std::string& commit_or_ref,
                                              const std::string& path,
                                              std::uint64_t max_bytes) const {
    const std::string doing =
        "read " + heddle::quoted(path) + " at " + heddle::quoted(commit_or_ref) + " in " + url;
    const fs::path source = local_path(url, doing);
    const git_oid id = full_id(resolve(url, commit_or_ref), doing);
    {
        Mirror mirror(directory_, source, Mirror::Lock::Shared, doing);
        try {
            if (mirror.has(id)) return read_commit_file(mirror.repository(), id, path, max_bytes, doing);
        } catch (const DamagedRepository&) {
            // The repository itself is asked below; the next check-out mends the mirror.
        }
    }
    // One file is no reason to mirror a commit.
    const RepositoryAccess access(source, doing);
    if (!heddle::has_commit(access.get(), id)) throw commit_is_gone(doing);
    return read_commit_file(access.get(), id, path, max_bytes, doing);
}

bool Mirrors::has_commit(const std::string& url, const std::string& commit) const {
    const std::string doing = "look for " + commit + " in " + url;
    const fs::path source = local_path(url, doing);
    const git_oid id = full_id(commit, doing);
    if (Mirror(directory_, source, Mirror::Lock::Shared, doing).has(id)) return true;
    return heddle::has_commit(RepositoryAccess(source, doing).get(), id);
}

}  // namespace heddle
