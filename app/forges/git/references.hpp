// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/forges/git/library.hpp"

namespace heddle {

/// A name that somebody gave for a commit, understood.
struct NamedCommit {
    enum class Kind { Branch, RemoteBranch, Tag, OtherReference, Id };

    git_oid commit_id{};
    Kind kind = Kind::Id;
    std::string name;  // without refs/heads/ and the like: "main", "origin/main", "v1.0"
};

/// Looks a name up as: full id, full reference name ("refs/..."), branch, tag, branch of a remote
/// ("origin/main"), abbreviated id. It is data: nothing like HEAD~1 or @{upstream} is understood. nullopt:
/// there is nothing of that name. Throws RemoteError GiveUp when it is no commit, or more than one.
std::optional<NamedCommit> find_commit(::git_repository* repository,
                                       const std::string& name,
                                       const std::string& doing);

/// Is the commit of that id in the repository?
bool has_commit(::git_repository* repository, const git_oid& id);

/// The commit of exactly this reference; nullopt: there is none.
std::optional<NamedCommit> find_reference(::git_repository* repository,
                                          const std::string& reference,
                                          const std::string& doing);

/// The repository was asked and has no such commit (any more).
struct CommitIsGone : RemoteError {
    explicit CommitIsGone(const std::string& doing)
        : RemoteError(Kind::GiveUp, doing, "commit is no longer in the repository") {}
};

/// The sentence of the design for it.
CommitIsGone commit_is_gone(const std::string& doing);

/// There is nothing of that name; an empty one is the repository's HEAD.
RemoteError no_such_reference(const std::string& name, const std::string& doing);

}  // namespace heddle
