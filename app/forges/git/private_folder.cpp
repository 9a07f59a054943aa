// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/private_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "app/forges/git/disk_failure.hpp"
#include "app/forges/git/library.hpp"

namespace heddle {
namespace fs = std::filesystem;

std::string digest_of(const std::string& text) {
    use_git_library();
    git_oid id{};
    git_error_clear();
    check_git(git_odb_hash(&id, text.data(), text.size(), GIT_OBJECT_BLOB), "name a folder");
    return to_hex(id);
}

void make_private_folder(const fs::path& directory, const std::string& doing) {
    std::error_code problem;
    if (fs::create_directories(directory, problem)) fs::permissions(directory, fs::perms::owner_all, problem);
    if (problem) throw disk_failure(problem.value(), doing, directory);
}

FolderLock::FolderLock(const fs::path& file, Mode mode, const std::string& doing)
    : fd_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (fd_ < 0) throw disk_failure(errno, doing, file);
    while (flock(fd_, mode == Mode::Alone ? LOCK_EX : LOCK_SH) != 0)
        if (errno != EINTR) {
            const int number = errno;
            close(fd_);
            throw disk_failure(number, doing, file);
        }
}

FolderLock::~FolderLock() { close(fd_); }

}  // namespace heddle
