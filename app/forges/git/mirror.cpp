// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/mirror.hpp"

#include <utility>

#include "app/config/ssh_url.hpp"
#include "app/forges/git/commit_reader.hpp"
#include "app/forges/git/commit_writer.hpp"
#include "app/forges/git/disk_failure.hpp"
#include "app/forges/git/library.hpp"
#include "app/forges/git/mirror_origin.hpp"
#include "app/forges/git/private_folder.hpp"
#include "app/forges/git/references.hpp"
#include "app/forges/git/repository_access.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace fs = std::filesystem;
namespace {

/// One mirror, locked: shared for reading, alone for writing, against other threads and processes.
class Mirror {
public:
    using Lock = FolderLock::Mode;

    Mirror(const fs::path& directory, const MirrorOrigin& origin, Lock lock, const std::string& doing)
        : origin_(origin), doing_(doing) {
        make_private_folder(directory, doing_);
        const fs::path base = directory / digest_of(origin_.identity());
        path_ = base.string() + ".git";
        lock_.emplace(base.string() + ".lock", lock, doing_);
    }

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
        origin_.bring(commit, repository(), doing_);
    }

private:
    void fetch_into_new(const git_oid& commit) {
        const fs::path fresh = path_.string() + ".new";
        remove_folder(fresh);
        try {
            GitRepositoryHandle made;
            check_git(make_handle(made, git_repository_init, fresh.c_str(), 1U), doing_);
            origin_.bring(commit, made.get(), doing_);
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

    const MirrorOrigin& origin_;
    const std::string& doing_;
    fs::path path_;
    std::optional<FolderLock> lock_;
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
                 const MirrorOrigin& origin,
                 const git_oid& commit,
                 const std::string& doing,
                 Use use) {
    for (bool anew = false;; anew = true) {
        if (anew || !Mirror(directory, origin, Mirror::Lock::Shared, doing).has(commit)) {
            Mirror mirror(directory, origin, Mirror::Lock::Alone, doing);
            if (anew || !mirror.has(commit)) mirror.fetch(commit, anew);
        }
        Mirror mirror(directory, origin, Mirror::Lock::Shared, doing);
        try {
            if (!mirror.repository()) throw DamagedRepository(doing, "the mirror is gone");
            return use(mirror.repository());
        } catch (const DamagedRepository&) {
            if (anew) throw;
        }
    }
}

bool is_remote(const std::string& url) {
    std::string start = url.substr(0, url.find("://"));
    for (char& c : start)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return (start.size() < url.size() && (start == "http" || start == "https")) || parse_ssh_url(url);
}

/// A URL for a message: what stands before an '@' may be a password.
std::string shown(const std::string& url) {
    if (const auto ssh = parse_ssh_url(url)) return ssh->text();  // it has none
    const auto begin = url.find("://");
    const auto end = begin == std::string::npos ? begin : url.rfind('@', url.find('/', begin + 3));
    if (end == std::string::npos || end < begin) return url;
    return url.substr(0, begin + 3) + "***" + url.substr(end);
}

}  // namespace

Mirrors::Mirrors(fs::path directory, GitOverNetwork network)
    : directory_(std::move(directory)), network_(std::move(network)) {}

Mirrors Mirrors::in_the_name_of(const ForgeAccess& access) const {
    GitOverNetwork network = network_;
    network.access_for = [access](const std::string&) { return access; };
    return Mirrors(directory_, std::move(network));
}

Mirrors Mirrors::also_searching(std::string reference) const {
    GitOverNetwork network = network_;
    network.reference = std::move(reference);
    return Mirrors(directory_, std::move(network));
}

std::unique_ptr<MirrorOrigin> Mirrors::origin_of(const std::string& url, const std::string& doing) const {
    if (!is_remote(url)) return std::make_unique<LocalOrigin>(local_path(url, doing));
    if (!network_.client)
        throw RemoteError(RemoteError::Kind::GiveUp, doing, "nothing is fetched through the network here");
    const ForgeAccess forge = network_.access_for ? network_.access_for(url) : ForgeAccess{};
    ForgeAccess access = access_at(url, forge, doing);
    make_private_folder(directory_, doing);
    return std::make_unique<RemoteOrigin>(
        RemoteRepository{network_.client, std::move(access), url, directory_, network_.limits},
        network_.reference);
}

std::string Mirrors::resolve(const std::string& url, const std::string& ref) const {
    const std::string doing = "look up " + (ref.empty() ? "HEAD" : heddle::quoted(ref)) + " in " + shown(url);
    const auto origin = origin_of(url, doing);
    git_oid id{};
    if (is_full_id(ref, id)) {
        if (Mirror(directory_, *origin, Mirror::Lock::Shared, doing).has(id)) return to_hex(id);
        // Only a fetch tells whether a server has it.
        if (!origin->folder())
            return with_commit(directory_, *origin, id, doing, [&](auto*) { return to_hex(id); });
    }
    return origin->resolve(ref, doing);
}

CheckedOut Mirrors::check_out(const std::string& url,
                              const std::string& commit,
                              const fs::path& target,
                              std::uint64_t max_bytes) const {
    const std::string doing = "check out " + commit + " of " + shown(url);
    const git_oid id = full_id(commit, doing);
    return with_commit(directory_, *origin_of(url, doing), id, doing, [&](::git_repository* repository) {
        return write_commit_files(repository, id, target, max_bytes, doing);
    });
}

std::optional<std::string> Mirrors::read_file(const std::string& url,
                                              const std::string& commit_or_ref,
                                              const std::string& path,
                                              std::uint64_t max_bytes) const {
    const std::string doing =
        "read " + heddle::quoted(path) + " at " + heddle::quoted(commit_or_ref) + " in " + shown(url);
    const auto origin = origin_of(url, doing);
    const git_oid id = full_id(resolve(url, commit_or_ref), doing);
    const auto read = [&](::git_repository* repository) {
        return read_commit_file(repository, id, path, max_bytes, doing);
    };
    if (!origin->folder()) return with_commit(directory_, *origin, id, doing, read);
    {
        Mirror mirror(directory_, *origin, Mirror::Lock::Shared, doing);
        try {
            if (mirror.has(id)) return read(mirror.repository());
        } catch (const DamagedRepository&) {
            // The repository itself is asked below; the next check-out mends the mirror.
        }
    }
    // One file is no reason to mirror a commit.
    const RepositoryAccess access(*origin->folder(), doing);
    if (!heddle::has_commit(access.get(), id)) throw commit_is_gone(doing);
    return read(access.get());
}

bool Mirrors::has_commit(const std::string& url, const std::string& commit) const {
    const std::string doing = "look for " + commit + " in " + shown(url);
    const auto origin = origin_of(url, doing);
    const git_oid id = full_id(commit, doing);
    if (Mirror(directory_, *origin, Mirror::Lock::Shared, doing).has(id)) return true;
    if (origin->folder()) return heddle::has_commit(RepositoryAccess(*origin->folder(), doing).get(), id);
    try {
        return with_commit(directory_, *origin, id, doing, [](auto*) { return true; });
    } catch (const CommitIsGone&) {
        return false;
    }
}

}  // namespace heddle
