// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "workflows/model/remote_error.hpp"

namespace heddle {

/// The RemoteError for a system call on `path` that failed with errno `number`: Retry when the disk is full,
/// else GiveUp.
RemoteError disk_failure(int number, const std::string& doing, const std::string& path);

}  // namespace heddle
