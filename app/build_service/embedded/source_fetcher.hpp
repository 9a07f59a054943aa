// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace heddle {

/// A commit, or a folder in it, and what is known about where it may be.
struct WantedTree {
    std::string git_url;  // of the package's own source, which is asked first
    std::string commit;   // full hash
    std::string subdir;   // that is the package; empty: all of the commit
    std::string run;      // the mark of the run that asked for it, see run_mark(); empty: none
};

struct FetchedTree {
    std::vector<std::string> submodules;  // folders that are left empty
    std::string found_in;                 // the repository that had it; empty: the package's own source
};

/// Brings the files of a commit onto the disk. A port: the builder's tests have one without git.
/// Called by several builder threads at once, for equal repositories too.
class SourceFetcher {
public:
    virtual ~SourceFetcher() = default;

    /// Writes the tree into the empty folder `directory`. No filters, hooks or submodules; symlinks as they
    /// are in the tree, never followed. nullopt: wherever the commit could be was asked, and it is nowhere
    /// (any more). Throws RemoteError: Retry when somebody could not be asked, GiveUp for a tree over
    /// `max_bytes` and for a folder that the commit has not got; and std::system_error when this machine's
    /// disk is the trouble. After either it may be called again.
    virtual std::optional<FetchedTree> fetch(const WantedTree& wanted,
                                             const std::filesystem::path& directory,
                                             std::uint64_t max_bytes) = 0;
};

}  // namespace heddle
