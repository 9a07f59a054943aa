// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace heddle {

struct FetchedTree {
    std::vector<std::string> submodules;  // folders that are left empty
};

/// Brings the files of a commit onto the disk. A port: the builder's tests have one without git.
/// Called by several builder threads at once, for equal repositories too.
class SourceFetcher {
public:
    virtual ~SourceFetcher() = default;

    /// Writes the tree of `commit` (full hash) into the empty folder `directory`: of `subdir` only, where it
    /// is not empty. No filters, hooks or submodules; symlinks as they are in the tree, never followed.
    /// nullopt: the repository was asked and has no such commit (any more), or no such folder in it.
    /// Throws RemoteError: Retry when it could not be asked, GiveUp for a tree over `max_bytes`; and
    /// std::system_error when this machine's disk is the trouble. After either it may be called again.
    virtual std::optional<FetchedTree> fetch(const std::string& git_url,
                                             const std::string& commit,
                                             const std::string& subdir,
                                             const std::filesystem::path& directory,
                                             std::uint64_t max_bytes) = 0;
};

}  // namespace heddle
