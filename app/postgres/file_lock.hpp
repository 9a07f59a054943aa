// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace heddle {

/// A file to lock (flock), made when missing. The kernel frees the lock with the object's process, however it
/// ends; programs that we start don't inherit it. Throws std::system_error.
class FileLock {
public:
    explicit FileLock(const std::filesystem::path& file);
    ~FileLock();
    FileLock(FileLock&& other) noexcept;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    FileLock& operator=(FileLock&&) = delete;

    /// Blocks until nobody has it alone.
    void share();
    /// Blocks until nobody else has it.
    void take();
    /// False: somebody has it.
    bool try_take();

private:
    std::filesystem::path file_;
    int descriptor_;
};

}  // namespace heddle
