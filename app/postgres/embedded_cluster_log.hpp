// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "app/postgres/embedded_cluster_files.hpp"

namespace heddle {

/// What keeper and server say, and initdb before them.
class EmbeddedClusterLog {
public:
    /// Opens it for appending. Throws std::system_error.
    explicit EmbeddedClusterLog(const EmbeddedClusterFiles& files);
    ~EmbeddedClusterLog();
    EmbeddedClusterLog(const EmbeddedClusterLog&) = delete;
    EmbeddedClusterLog& operator=(const EmbeddedClusterLog&) = delete;

    int descriptor() const { return descriptor_; }
    /// The first error that was written since this object was made, without its decoration.
    std::string error() const;

private:
    std::filesystem::path file_;
    int descriptor_;
    std::uintmax_t from_ = 0;
};

/// Puts a log over 1 MiB aside, for when nobody writes to it.
void put_big_log_aside(const EmbeddedClusterFiles& files);

}  // namespace heddle
