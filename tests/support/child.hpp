// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>

namespace heddle::test {

/// Runs `act` in a child process, for what would spoil ours, and returns what it returns. What it throws
/// comes back as "threw: ..."; a child that a signal ends answers "signal N".
std::string in_child(const std::function<std::string()>& act);

/// In a child process: becomes an ordinary user without an account. Does nothing when we are no root.
void become_user(uid_t uid);

/// In a child process: mounts an empty tmpfs of that size on `folder`, seen by this process only. False: this
/// machine does not allow it.
bool mount_small_disk(const std::filesystem::path& folder, std::size_t bytes);
/// In a child process: makes that disk read-only.
bool make_disk_read_only(const std::filesystem::path& folder);

/// Gives a folder and all in it to a user; needs root.
void give_to(const std::filesystem::path& folder, uid_t uid);

/// Says on stdout what could not be tested here and why; the summary of the run repeats it.
void note(const std::string& text);

}  // namespace heddle::test
