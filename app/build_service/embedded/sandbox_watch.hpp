// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "app/build_service/embedded/sandbox.hpp"

namespace heddle {

/// Looks after one running command's limits, which no kernel limit holds for a whole tree.
class SandboxWatch {
public:
    SandboxWatch(SandboxLimits limits, std::filesystem::path workspace, pid_t root)
        : limits_(limits), workspace_(std::move(workspace)), root_(root) {}

    /// Tells which process lives in the sandbox's own namespaces, once that is known.
    void inside(pid_t pid) { inside_ = pid; }

    /// Call every 0.1 s. One sentence when a limit is passed: the tree has to be killed.
    std::optional<std::string> look();
    /// The limit was not the command's own: the machine's disk is full.
    bool machine_is_full() const { return machine_is_full_; }

private:
    std::optional<std::string> look_at_disk();
    std::uint64_t shared_segments() const;

    SandboxLimits limits_;
    std::filesystem::path workspace_;
    pid_t root_;
    pid_t inside_ = 0;
    bool machine_is_full_ = false;
    std::chrono::steady_clock::time_point next_disk_look_{};
};

/// "2 GiB", "64 MiB", "1500 bytes"; "30m", "90s".
std::string bytes_in_words(std::uint64_t bytes);
std::string time_in_words(std::chrono::seconds time);

}  // namespace heddle
