// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <vector>

namespace heddle {

/// The processes below one of ours, at one moment, as /proc shows them.
std::vector<pid_t> processes_below(pid_t root);

struct TreeUsage {
    int threads = 0;           // all threads of all processes: what the kernel's own limit counts
    std::uint64_t memory = 0;  // bytes of private and shared memory, without mapped files
};

/// What a tree uses now. Memory that several processes share is counted once where the kernel lets us see it;
/// that is looked at only above `memory_limit`, since it is slow.
TreeUsage tree_usage(pid_t root, std::uint64_t memory_limit);

/// Bytes in System V shared memory segments of the namespace that `pid` lives in: these stay when nobody has
/// them mapped. Only root may look; for others it is 0.
std::uint64_t bytes_in_shared_segments(pid_t pid);

/// Bytes in deleted files and memory files that the tree holds open: no walk of a folder finds these.
std::uint64_t bytes_in_deleted_files(pid_t root);

/// How many threads run as that user; the dead that wait for their parents don't count.
int threads_of(std::uint32_t uid);

/// Kills everything below `root`, again and again until nothing is left or `deadline` has passed (false).
bool kill_below(pid_t root, std::chrono::steady_clock::time_point deadline);

}  // namespace heddle
