// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/disk_failure.hpp"

#include <cerrno>
#include <cstring>

#include "workflows/model/wording.hpp"

namespace heddle {

DiskFailure disk_failure(int number, const std::string& doing, const std::string& path) {
    const std::error_code code(number, std::generic_category());
    if (number == ENOSPC || number == EDQUOT || number == EFBIG)
        return {RemoteError::Kind::Retry,
                doing,
                "there is no space left on the disk for " + heddle::quoted(path),
                code};
    return {RemoteError::Kind::GiveUp, doing, heddle::quoted(path) + ": " + std::strerror(number), code};
}

}  // namespace heddle
