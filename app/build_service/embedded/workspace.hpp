// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "app/build_service/embedded/process.hpp"

namespace heddle {

/// The folder of one running build, below data_dir/builds:
///   source/  what is built (the recipe runs there)      home/  its HOME
///   tmp/     its /tmp                                   rpm/   rpmbuild's folders
/// All of it belongs to the build's user. Removed at the end, whatever the build made of it.
class Workspace {
public:
    /// Makes a new one below `builds`, which is made (0711) when missing. Throws std::system_error, and
    /// std::runtime_error when the build's user can't get to it (a closed folder above).
    Workspace(const std::filesystem::path& builds,
              std::int64_t build_id,
              const std::optional<Identity>& owner);
    ~Workspace();
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;

    const std::filesystem::path& root() const { return root_; }
    std::filesystem::path source() const { return root_ / "source"; }
    /// Gives everything that was put there so far to the build's user.
    void hand_over() const;

private:
    std::filesystem::path root_;
    std::optional<Identity> owner_;
    Descriptor lock_;  // of the folder: it is in use as long as somebody holds it
};

/// What a folder takes of the disk, walked without following links while others may change it. Each file
/// counts 4 KiB at least. nullopt: its folders are nested deeper than anybody can walk (200 levels).
std::optional<std::uint64_t> disk_used(const std::filesystem::path& folder);

/// Bytes that are free for `folder`'s file system.
std::uint64_t disk_free(const std::filesystem::path& folder);

/// Removes a tree that may be hostile: folders without permissions, any depth, links (never followed).
/// A `folder` that is not there is fine. Throws std::system_error.
void remove_tree(const std::filesystem::path& folder);

/// Removes the workspaces below `builds` that no live process holds (what a killed builder left).
void remove_leftover_workspaces(const std::filesystem::path& builds);

}  // namespace heddle
