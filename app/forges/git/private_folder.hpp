// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace heddle {

/// A name for a folder that stands for `text`, such as a URL: 40 hex digits.
std::string digest_of(const std::string& text);

/// Makes the folder and what leads to it, open to us alone. Throws RemoteError.
void make_private_folder(const std::filesystem::path& directory, const std::string& doing);

/// A lock file, held against other threads and processes; made (0600) when missing.
class FolderLock {
public:
    enum class Mode { Shared, Alone };

    /// Waits. Throws RemoteError.
    FolderLock(const std::filesystem::path& file, Mode mode, const std::string& doing);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int fd_ = -1;
};

}  // namespace heddle
