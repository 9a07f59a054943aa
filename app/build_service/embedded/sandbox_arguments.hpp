// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/build_service/embedded/process.hpp"
#include "app/build_service/embedded/sandbox.hpp"

namespace heddle {

/// How a command is started: what has to be executed, and the files that it gets by descriptor.
struct SandboxStart {
    ProcessRequest process;
    std::vector<Descriptor> files;
};

/// `status`: where bubblewrap says which process is the sandbox's first, and how the command ended.
SandboxStart sandbox_start(const SandboxCommand& command, int output, int status);

}  // namespace heddle
