// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/build_service/embedded/process.hpp"

namespace heddle {

/// Bounds for everything that one command starts, together.
struct SandboxLimits {
    std::chrono::steady_clock::time_point until;  // of the whole build
    std::chrono::seconds timeout{0};              // what `until` was made of: for the sentence
    std::uint64_t memory = 0;                     // bytes
    std::uint64_t disk = 0;                       // bytes, workspace and deleted files that are still open
    int processes = 0;                            // and threads
};

/// One command of a build.
struct SandboxCommand {
    std::vector<std::string> arguments;    // the first is an absolute path
    std::filesystem::path workspace;       // absolute; the folder that the command sees as /build
    std::vector<std::string> environment;  // "NAME=value", beside what every command gets
    SandboxLimits limits;
    std::optional<Identity> identity;  // absent: the user we are, who must not be root
    bool bubblewrap = true;            // false: the same limits and identity, but the whole machine in sight
};

struct SandboxEnd {
    enum class Kind {
        Exited,   // by itself, with `exit_code` (128 + number after a signal)
        Limit,    // ended by us: `reason` says which limit
        Stopped,  // ended by us: stop was requested
        Broken,   // the sandbox did not come up, or the machine has no disk left: `reason`
    };
    Kind kind = Kind::Exited;
    int exit_code = 0;
    std::string reason;  // one sentence
};

/// What the caller wants to hear while a command runs. What they throw ends the command and comes through.
struct SandboxEvents {
    std::function<void(std::string_view)> output;  // stdout and stderr as they come
    std::function<void()> tick;                    // every 0.1 s or so
};

/// Runs one command and waits for it. When it returns or throws, no process of it is left. The command has no
/// network, sees /usr (read-only), a few files of /etc, and its workspace as /build; its environment is made
/// here; its descriptors are /dev/null and the output. It is killed, too, when the calling thread dies.
/// `stop` ends it within a second. Throws std::system_error when the machine can't start a process.
SandboxEnd run_in_sandbox(const SandboxCommand& command, const SandboxEvents& events, std::stop_token stop);

/// Tries a sandbox with a workspace below `builds` (data_dir/builds). nullopt: it works; else one sentence
/// that says why not.
std::optional<std::string> sandbox_works(const std::filesystem::path& builds,
                                         const std::optional<Identity>& identity);

}  // namespace heddle
