// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/forges/git/conversation.hpp"
#include "workflows/model/forge_access.hpp"

namespace heddle {

class HttpClient;
class MirrorOrigin;

/// How repositories behind http, https and ssh are reached.
struct GitOverNetwork {
    HttpClient* client = nullptr;  // not ours; null: nothing is fetched through the network
    /// The forge in whose name a repository's URL is asked: its credential goes to the origin of its API
    /// only, and its private_network holds for its own origins. Empty: as everybody, on the internet.
    std::function<ForgeAccess(const std::string& url)> access_for;
    ConversationLimits limits;
    std::string reference{};  // see Mirrors::also_searching()
};

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
/// user we run as; root reads any repository, with its owner's permissions. Or it is an http, https or ssh
/// URL; its mirror serves only those who come with the same credential. Everything that comes from a
/// repository is data: no program, hook or filter is ever executed.
///
/// All members throw RemoteError: GiveUp for what is not there, damaged, refused or of an unsupported kind,
/// BadCredentials where the server does not know us, Retry for a full disk or a failing network; DiskFailure
/// where a file of ours is the trouble. Thread-safe.
class Mirrors {
public:
    /// At most this much is written by one check-out, and at most this many files and folders.
    static constexpr std::uint64_t kMaxCheckOutBytes = std::uint64_t{4} << 30;
    static constexpr std::uint64_t kMaxCheckOutFiles = 1'000'000;

    /// `directory`: data_dir/mirrors; made (0700) when the first mirror is.
    explicit Mirrors(std::filesystem::path directory, GitOverNetwork network = {});

    /// The same mirrors, asking every repository in the name of one forge.
    Mirrors in_the_name_of(const ForgeAccess& access) const;

    /// The same mirrors; commits of a repository behind the network are also looked for in the history of
    /// this reference, a full name, which may keep what no branch leads to.
    Mirrors also_searching(std::string reference) const;

    /// The commit that a branch, tag, full reference name or full or abbreviated id stands for now, as 40 hex
    /// digits. Empty `ref`: what the repository's HEAD points to. A branch comes before a tag of that name.
    /// Over the network abbreviated ids are not understood.
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
    std::unique_ptr<MirrorOrigin> origin_of(const std::string& url, const std::string& doing) const;

    std::filesystem::path directory_;
    GitOverNetwork network_;
};

}  // namespace heddle
