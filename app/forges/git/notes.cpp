// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/notes.hpp"

#include <chrono>
#include <random>
#include <thread>

#include "app/forges/git/library.hpp"
#include "app/forges/git/notes_at_once.hpp"
#include "app/forges/git/references.hpp"
#include "app/forges/git/repository_access.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using std::chrono::milliseconds;

// As long as git itself is patient with a lock file, and some more: many builds end at once.
constexpr milliseconds kPatience{3000};

git_oid commit_in(::git_repository* repository, const std::string& commit_sha, const std::string& doing) {
    git_oid id{};
    if (!is_full_id(commit_sha, id))
        throw RemoteError(
            RemoteError::Kind::GiveUp, doing, heddle::quoted(commit_sha) + " is no full commit id");
    if (!has_commit(repository, id)) throw commit_is_gone(doing);
    return id;
}

// The writers that met here must not meet again in step.
void wait_a_little() {
    thread_local std::minstd_rand random(std::random_device{}());
    std::this_thread::sleep_for(milliseconds(std::uniform_int_distribution<int>(1, 15)(random)));
}

}  // namespace

std::optional<std::string> GitNotes::read(const std::string& repository, const std::string& commit_sha) {
    const std::string doing = "read the note of " + commit_sha + " in " + repository;
    const RepositoryAccess access(local_path(repository, doing), doing);
    const git_oid commit = commit_in(access.get(), commit_sha, doing);
    return NotesAtOnce(access.get(), doing).note_of(commit);
}

void GitNotes::update(const std::string& repository,
                      const std::string& commit_sha,
                      const std::function<std::string(const std::string& present)>& change) {
    const std::string doing = "write the note of " + commit_sha + " in " + repository;
    const RepositoryAccess access(local_path(repository, doing), doing);
    const git_oid commit = commit_in(access.get(), commit_sha, doing);
    const auto until = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
        const NotesAtOnce notes(access.get(), doing);
        const std::string present = notes.note_of(commit).value_or("");
        const std::string changed = change(present);
        if (changed == present) return;
        const int rc = notes.try_replace(commit, changed);
        if (rc == 0) return;
        const RemoteError failure = git_failure(rc, doing);
        if (failure.kind != RemoteError::Kind::Retry || rc == -1) throw failure;
        if (std::chrono::steady_clock::now() >= until) throw failure;
        // A lock file of somebody else: nothing tells when it goes.
        if (rc == GIT_ELOCKED) wait_a_little();
    }
}

}  // namespace heddle
