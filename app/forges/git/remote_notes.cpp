// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/remote_notes.hpp"

#include <algorithm>
#include <utility>

#include "app/forges/git/disk_failure.hpp"
#include "app/forges/git/notes.hpp"
#include "app/forges/git/notes_at_once.hpp"
#include "app/forges/git/private_folder.hpp"
#include "app/forges/git/remote_connection.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace fs = std::filesystem;
namespace {

constexpr int kMostTries = 5;
const std::string kNotes = GitNotes::kReference;

void forget_reference(::git_repository* copy, const std::string& doing) {
    const int rc = git_reference_remove(copy, kNotes.c_str());
    if (rc != GIT_ENOTFOUND) check_git(rc, doing);
}

}  // namespace

struct RemoteNotes::Copy {
    /// `anew`: what is there is damaged.
    Copy(const fs::path& directory, const std::string& identity, bool anew, const std::string& doing) {
        make_private_folder(directory, doing);
        const std::string base = directory / ("notes-" + digest_of(identity));
        lock.emplace(base + ".lock", FolderLock::Mode::Alone, doing);
        const std::string path = base + ".git";
        std::error_code problem;
        if (anew) fs::remove_all(path, problem);
        if (problem) throw disk_failure(problem.value(), doing, path);
        // Makes it, or leaves what is there.
        check_git(make_handle(repository, git_repository_init, path.c_str(), 1U), doing);
    }

    std::optional<FolderLock> lock;
    GitRepositoryHandle repository;
};

template <class Use>
auto RemoteNotes::with_copy(const std::string& doing, Use use) const {
    for (bool anew = false;; anew = true) {
        const Copy copy(
            repository_.folder, repository_.url + '\0' + repository_.access.credential, anew, doing);
        try {
            return use(copy.repository.get());
        } catch (const DamagedRepository&) {
            if (anew) throw;
        }
    }
}

RemoteNotes::RemoteNotes(RemoteRepository repository) : repository_(std::move(repository)) {
    while (repository_.url.ends_with('/')) repository_.url.pop_back();
}

std::unique_ptr<GitConversation> RemoteNotes::conversation(Clock::time_point until,
                                                           const std::string& doing) const {
    RemoteRepository repository = repository_;
    repository.limits.deadline =
        std::max(std::chrono::seconds(0), std::chrono::ceil<std::chrono::seconds>(until - Clock::now()));
    return converse(repository, doing);
}

void RemoteNotes::fetch(::git_repository* copy, Clock::time_point until, const std::string& doing) const {
    RemoteConnection connection(conversation(until, doing), copy, repository_.url, doing);
    const auto references = connection.references();
    const bool are_there = std::any_of(references.begin(), references.end(), [](const Advertised& reference) {
        return reference.name == kNotes;
    });
    if (!are_there) return forget_reference(copy, doing);
    if (!connection.fetch({"+" + kNotes + ":" + kNotes}))
        throw DamagedRepository(doing, "its notes can't be fetched");
}

std::optional<std::string> RemoteNotes::read(const git_oid& commit, const std::string& doing) const {
    return with_copy(doing, [&](::git_repository* copy) {
        fetch(copy, Clock::now() + repository_.limits.deadline, doing);
        return NotesAtOnce(copy, doing).note_of(commit);
    });
}

void RemoteNotes::update(const git_oid& commit, const Change& change, const std::string& doing) const {
    const auto until = Clock::now() + repository_.limits.deadline;
    std::string refusal;
    const auto try_once = [&](::git_repository* copy) {
        fetch(copy, until, doing);
        const NotesAtOnce notes(copy, doing);
        const std::string present = notes.note_of(commit).value_or("");
        const std::string changed = change(present);
        if (changed == present) return true;
        check_git(notes.try_replace(commit, changed), doing);
        const auto sending = conversation(until, doing);
        const bool taken = push(*sending, copy, repository_.url, kNotes + ":" + kNotes, doing);
        refusal = sending->refusal();
        return taken;
    };
    for (int tries = 0; tries < kMostTries; ++tries)
        if (with_copy(doing, try_once)) return;
    throw RemoteError(RemoteError::Kind::Retry,
                      doing,
                      refusal.empty() ? "others write notes all the time"
                                      : "the server does not take the notes: " + heddle::quoted(refusal));
}

}  // namespace heddle
