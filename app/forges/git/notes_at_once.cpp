// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/notes_at_once.hpp"

#include "app/forges/git/notes.hpp"
#include "app/forges/git/objects.hpp"

namespace heddle {
namespace {

constexpr std::uint64_t kMaxNoteBytes = 1 << 20;

GitSignatureHandle signature_of(::git_repository* repository, const std::string& doing) {
    GitSignatureHandle signature;
    // The repository's own user.name and user.email; they may be absent or unusable.
    if (make_handle(signature, git_signature_default, repository) == 0) return signature;
    check_git(make_handle(signature, git_signature_now, "Heddle", "heddle@localhost"), doing);
    return signature;
}

}  // namespace

NotesAtOnce::NotesAtOnce(::git_repository* repository, const std::string& doing)
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

std::optional<std::string> NotesAtOnce::note_of(const git_oid& commit) const {
    if (!present_) return std::nullopt;
    GitNoteHandle note;
    const int rc = make_handle(note, git_note_commit_read, repository_, present_.get(), &commit);
    if (rc == GIT_ENOTFOUND) return std::nullopt;
    check_object(rc, doing_);
    require_fit(*git_note_id(note.get()));
    return std::string(git_note_message(note.get()));
}

int NotesAtOnce::try_replace(const git_oid& commit, const std::string& text) const {
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

void NotesAtOnce::require_fit(const git_oid& blob) const {
    if (size_of_object(repository_, blob, doing_) > kMaxNoteBytes)
        throw RemoteError(RemoteError::Kind::GiveUp, doing_, "the note there has more than 1 MiB");
}

}  // namespace heddle
