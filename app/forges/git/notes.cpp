// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/notes.hpp"

#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

#include "app/forges/git/library.hpp"
#include "app/forges/git/objects.hpp"
#include "app/forges/git/references.hpp"
#include "app/forges/git/repository_access.hpp"
#include "app/forges/git/repository_place.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using std::chrono::milliseconds;

// As long as git itself is patient with a lock file, and some more: many builds end at once.
constexpr milliseconds kPatience{3000};
constexpr std::uint64_t kMaxNoteBytes = 1 << 20;

GitSignatureHandle signature_of(::git_repository* repository, const std::string& doing) {
    GitSignatureHandle signature;
    // The repository's own user.name and user.email; they may be absent or unusable.
    if (make_handle(signature, git_signature_default, repository) == 0) return signature;
    check_git(make_handle(signature, git_signature_now, "Heddle", "heddle@localhost"), doing);
    return signature;
}

/// The notes of one repository as they are at one moment, and the attempt to replace them.
class NotesAtOnce {
public:
    NotesAtOnce(::git_repository* repository, const std::string& doing)
        : repository_(repository), doing_(doing) {
        GitReferenceHandle reference;
        const int rc = make_handle(reference, git_reference_lookup, repository, GitNotes::kReference);
        if (rc == GIT_ENOTFOUND) return;
        check_git(rc, doing_);
        const git_oid* id = git_reference_target(reference.get());
        if (!id)
            throw RemoteError(RemoteError::Kind::GiveUp, doing_, "refs/notes/heddle is a symbolic reference");
        check_object(make_handle(present_, git_commit_lookup, repository, id), doing_);
    }

    std::optional<std::string> note_of(const git_oid& commit) const {
        if (!present_) return std::nullopt;
        GitNoteHandle note;
        const int rc = make_handle(note, git_note_commit_read, repository_, present_.get(), &commit);
        if (rc == GIT_ENOTFOUND) return std::nullopt;
        check_object(rc, doing_);
        require_fit(*git_note_id(note.get()));
        return std::string(git_note_message(note.get()));
    }

    /// libgit2's rc: GIT_EMODIFIED or GIT_ELOCKED when somebody else was faster or is at it.
    int try_replace(const git_oid& commit, const std::string& text) const {
        const GitSignatureHandle signature = signature_of(repository_, doing_);
        git_oid made{};
        git_error_clear();
        check_git(git_note_commit_create(&made,
                                         nullptr,
                                         repository_,
                                         present_.get(),
                                         signature.get(),
                                         signature.get(),
                                         &commit,
                                         text.c_str(),
                                         1),
                  doing_);
        // An id of zeros says that there must be none yet; without it a reference that was made meanwhile
        // would be overwritten.
        const git_oid none{};
        GitReferenceHandle reference;
        return make_handle(reference,
                           git_reference_create_matching,
                           repository_,
                           GitNotes::kReference,
                           &made,
                           1,
                           present_ ? git_commit_id(present_.get()) : &none,
                           "notes: heddle");
    }

private:
    void require_fit(const git_oid& blob) const {
        if (size_of_object(repository_, blob, doing_) > kMaxNoteBytes)
            throw RemoteError(RemoteError::Kind::GiveUp, doing_, "the note there has more than 1 MiB");
    }

    ::git_repository* repository_;
    const std::string& doing_;
    GitCommitHandle present_;
};

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

std::string GitNotes::place_of(const std::string& repository, const ForgeAccess& access) {
    if (access.api_url.empty()) return repository;
    const std::string doing = "write notes into " + repository;
    const bool is_name = !repository.starts_with('/') && repository.find(':') == std::string::npos;
    EventRepository named;
    (is_name ? named.full_name : named.clone_url) = repository;
    const std::string place = heddle::place_of(named, access, doing);
    if (!place.starts_with('/'))
        throw RemoteError(
            RemoteError::Kind::GiveUp, doing, "statuses as git notes are written on this machine only");
    return place;
}

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
