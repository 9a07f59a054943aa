// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "app/forges/git/acting_as.hpp"
#include "app/forges/git/library.hpp"

namespace heddle {

/// The folder that a repository's URL means: a plain absolute path or a file:// URL. Throws RemoteError
/// GiveUp for everything else.
std::filesystem::path local_path(const std::string& url, const std::string& doing);

/// The file:// URL of an absolute path; bytes other than unreserved ASCII and '/' are percent-encoded.
std::string file_url(const std::filesystem::path& path);

/// Whose repository stands at `path` (its .git, or itself when it is bare): us, or anybody when we are root.
/// Throws RemoteError GiveUp when there is none or it belongs to somebody else.
FileOwner owner_of_repository(const std::filesystem::path& path, const std::string& doing);

/// A repository of this machine, open with the permissions of its owner for as long as this lives: in one
/// thread, the one that made it.
class RepositoryAccess {
public:
    /// Throws RemoteError GiveUp: not there, no repository, belongs to somebody else, no permission, damaged,
    /// of a kind that libgit2 does not know.
    RepositoryAccess(const std::filesystem::path& path, const std::string& doing);

    ::git_repository* get() const { return repository_.get(); }
    const FileOwner& owner() const { return owner_; }

private:
    FileOwner owner_;
    ActingAs acting_;
    GitRepositoryHandle repository_;
};

}  // namespace heddle
