// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace heddle {

/// Ends a server that a killed keeper left behind in this cluster, or removes the lock file of one that is
/// gone: where nobody reaps dead processes (process 1 of a container), or the process id is somebody else's
/// by now, PostgreSQL would refuse to start. Throws std::runtime_error when it does not end.
void stop_leftover_server(const std::filesystem::path& cluster);

}  // namespace heddle
