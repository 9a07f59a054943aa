// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

namespace heddle {

/// Brings the files of a commit onto the disk. A port: the builder's tests have one without git.
/// Called by several builder threads at once, for equal repositories too.
class SourceFetcher {
public:
    virtual ~SourceFetcher() = default;

    /// Writes the tree of `commit` (full hash) into the empty folder `directory`: of `subdir` only, where it
    /// is not empty. No filters, hooks or submodules; symlinks as they are in the tree, never followed.
    /// False: the repository was asked and has no such commit (any more), or no such subdir in it.
    /// Throws RemoteError: Retry when it could not be asked or `stop` was requested, GiveUp for a full disk.
    virtual bool fetch(const std::string& git_url,
                       const std::string& commit,
                       const std::string& subdir,
                       const std::filesystem::path& directory,
                       std::stop_token stop) = 0;
};

}  // namespace heddle
