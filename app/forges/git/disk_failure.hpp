// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <system_error>

#include "workflows/model/remote_error.hpp"

namespace heddle {

/// A file or folder of ours can't be written or read: that says nothing about the repository.
struct DiskFailure : RemoteError {
    DiskFailure(Kind kind, const std::string& doing, const std::string& why, std::error_code code)
        : RemoteError(kind, doing, why), code(code) {}

    std::error_code code;
};

/// The failure of a system call on `path` with errno `number`: Retry when the disk is full, else GiveUp.
DiskFailure disk_failure(int number, const std::string& doing, const std::string& path);

}  // namespace heddle
