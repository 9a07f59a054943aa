// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/forges/git/library.hpp"

namespace heddle {

/// The notes of one repository as they are at one moment, and the attempt to replace them. Both parameters
/// must outlive it. All members throw RemoteError.
class NotesAtOnce {
public:
    NotesAtOnce(::git_repository* repository, const std::string& doing);

    /// nullopt: there is none.
    std::optional<std::string> note_of(const git_oid& commit) const;

    /// libgit2's rc: GIT_EMODIFIED or GIT_ELOCKED when somebody else was faster or is at it.
    int try_replace(const git_oid& commit, const std::string& text) const;

private:
    void require_fit(const git_oid& blob) const;

    ::git_repository* repository_;
    const std::string& doing_;
    GitCommitHandle present_;
};

}  // namespace heddle
