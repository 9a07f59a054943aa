// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace heddle {

/// What a check-out made.
struct CheckedOut {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::vector<std::string> submodules;  // paths of folders that are left empty, in order
};

/// Bare repositories below one folder that keep every commit that was ever asked for, one per URL, so that a
/// commit stays available when its branch is moved or deleted. Several threads and processes may use the same
/// folder at once (a lock file per mirror). A broken mirror is made anew.
///
/// A `url` is a plain absolute path or a file:// URL: repositories of this machine, whose owner must be the
/// user we run as; root reads any repository, with its owner's permissions. Everything that comes from a
/// repository is data: no program, hook or filter is ever executed.
///
/// All members throw RemoteError: GiveUp for what is not there, damaged, refused or of an unsupported kind,
/// Retry for a full disk. Thread-safe.
class Mirrors {
public:
    /// At most this much is written by one check-out, and at most this many files and folders.
    static constexpr std::uint64_t kMaxCheckOutBytes = std::uint64_t{4} << 30;
    static constexpr std::uint64_t kMaxCheckOutFiles = 1'000'000;

    /// `directory`: data_dir/mirrors; made (0700) when the first mirror is.
    explicit Mirrors(std::filesystem::path directory);

    /// The commit that a branch, tag, full reference name or full or abbreviated id stands for now, as 40 hex
    /// digits. Empty `ref`: what the repository's HEAD points to. A branch comes before a tag of that name.
    std::string resolve(const std::string& url, const std::string& ref) const;

    /// Writes the files of a commit (40 hex digits) into `target`, an absolute path that does not exist or is
    /// an empty folder; fetches the commit first where the mirror has not got it. No .git folder; symlinks
    /// are written as they are and never followed, the executable bit is kept, submodules become empty
    /// folders. After an exception nothing is left in `target`.
    CheckedOut check_out(const std::string& url,
                         const std::string& commit,
                         const std::filesystem::path& target,
                         std::uint64_t max_bytes = kMaxCheckOutBytes) const;

    /// The text of one file; nullopt: that commit has no such file. GiveUp when it is larger than
    /// `max_bytes`, or when a folder, symlink or submodule stands at its path.
    std::optional<std::string> read_file(const std::string& url,
                                         const std::string& commit_or_ref,
                                         const std::string& path,
                                         std::uint64_t max_bytes) const;

    /// Is it in the mirror, or else in the repository itself? (40 hex digits)
    bool has_commit(const std::string& url, const std::string& commit) const;

private:
    std::filesystem::path directory_;
};

}  // namespace heddle
