// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <git2.h>

#include <memory>
#include <string>

#include "workflows/model/remote_error.hpp"

namespace heddle {

/// Sets libgit2 up, once per process, from whichever thread comes first; every opener below calls it. The
/// user's and the system's git configuration are not read, and libgit2's own check of a repository's owner is
/// off: FileOwner and allowed_owner() take its place. libgit2 is never shut down: what it holds is reachable
/// to the end, and threads may still use it while the process exits.
void use_git_library();

template <auto Free>
struct GitFree {
    template <class T>
    void operator()(T* handle) const {
        Free(handle);
    }
};
template <class T, auto Free>
using GitHandle = std::unique_ptr<T, GitFree<Free>>;

using GitRepositoryHandle = GitHandle<::git_repository, git_repository_free>;
using GitReferenceHandle = GitHandle<::git_reference, git_reference_free>;
using GitObjectHandle = GitHandle<::git_object, git_object_free>;
using GitCommitHandle = GitHandle<::git_commit, git_commit_free>;
using GitTreeHandle = GitHandle<::git_tree, git_tree_free>;
using GitTreeEntryHandle = GitHandle<::git_tree_entry, git_tree_entry_free>;
using GitBlobHandle = GitHandle<::git_blob, git_blob_free>;
using GitOdbHandle = GitHandle<::git_odb, git_odb_free>;
using GitPackBuilderHandle = GitHandle<::git_packbuilder, git_packbuilder_free>;
using GitIndexerHandle = GitHandle<::git_indexer, git_indexer_free>;
using GitOdbObjectHandle = GitHandle<::git_odb_object, git_odb_object_free>;
using GitConfigHandle = GitHandle<::git_config, git_config_free>;
using GitSignatureHandle = GitHandle<::git_signature, git_signature_free>;
using GitNoteHandle = GitHandle<::git_note, git_note_free>;

/// Calls a libgit2 function whose first parameter is the handle that it makes, with the last error cleared
/// before. Returns libgit2's rc.
template <class Handle, class Function, class... Arguments>
int make_handle(Handle& handle, Function function, Arguments... arguments) {
    typename Handle::pointer raw = nullptr;
    git_error_clear();
    const int rc = function(&raw, arguments...);
    handle.reset(raw);
    return rc;
}

/// The RemoteError for a libgit2 call that just failed in this thread with `rc`: Retry for what may go better
/// later (a lock, a full disk), GiveUp for the rest, with one sentence.
RemoteError git_failure(int rc, const std::string& doing);

/// Throws git_failure() for a negative rc.
void check_git(int rc, const std::string& doing);

/// An object of a repository is missing or broken.
struct DamagedRepository : RemoteError {
    DamagedRepository(const std::string& doing, const std::string& why)
        : RemoteError(Kind::GiveUp, doing, "the repository is damaged or incomplete (" + why + ")") {}
};

/// Like check_git(), for reading an object that must be there: throws DamagedRepository unless the cause lies
/// outside the repository (no permission, no memory).
void check_object(int rc, const std::string& doing);

/// "40 hex digits" of an id.
std::string to_hex(const git_oid& id);

/// 40 hex digits to an id; false: they are none.
bool is_full_id(const std::string& text, git_oid& id);

}  // namespace heddle
