// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/postgres/embedded_cluster_files.hpp"

namespace heddle {

/// A directory that only the server's user (and root) can enter, for the socket: below the cluster's
/// directory, or where that path is too long or has signs that libpq would not understand, a new one with a
/// random name below /run or /tmp. Throws std::system_error.
std::filesystem::path prepare_socket_directory(const EmbeddedClusterFiles& files);

/// Removes the latter, if there is one.
void remove_short_socket_directory(const EmbeddedClusterFiles& files);

}  // namespace heddle
