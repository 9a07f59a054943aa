// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace heddle {
namespace {

bool lock(int descriptor, int operation, const std::filesystem::path& file) {
    while (flock(descriptor, operation) != 0) {
        if (errno == EWOULDBLOCK) return false;
        if (errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "can't lock " + file.string());
    }
    return true;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& file)
    : file_(file), descriptor_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
    if (descriptor_ < 0)
        throw std::system_error(errno, std::generic_category(), "can't open " + file.string());
}

FileLock::FileLock(FileLock&& other) noexcept
    : file_(std::move(other.file_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
    if (descriptor_ >= 0) close(descriptor_);
}

void FileLock::share() { lock(descriptor_, LOCK_SH, file_); }
void FileLock::take() { lock(descriptor_, LOCK_EX, file_); }
bool FileLock::try_take() { return lock(descriptor_, LOCK_EX | LOCK_NB, file_); }

}  // namespace heddle
