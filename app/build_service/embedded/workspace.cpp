// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/workspace.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace heddle {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path) {
    throw std::system_error(errno, std::generic_category(), path.string());
}

bool may_enter(const struct stat& folder, const Identity& who) {
    if (folder.st_uid == who.uid) return folder.st_mode & S_IXUSR;
    if (folder.st_gid == who.gid) return folder.st_mode & S_IXGRP;
    return folder.st_mode & S_IXOTH;
}

void check_reachable(const fs::path& folder, const Identity& who) {
    struct stat found = {};
    fs::path above;
    for (const auto& part : folder) {
        above /= part;
        if (::stat(above.c_str(), &found) < 0) fail(above);
        if (!may_enter(found, who))
            throw std::runtime_error("builds run as user " + std::to_string(who.uid) + ", who can't enter " +
                                     above.string() + ": chmod o+x it, or choose another data_dir");
    }
}

fs::path make_folder(const fs::path& builds, std::int64_t build_id, const std::optional<Identity>& owner) {
    std::error_code error;
    if (!fs::create_directories(builds, error) && error) throw std::system_error(error, builds.string());
    ::chmod(builds.c_str(), 0711);  // not ours: then what is there must do
    if (owner) check_reachable(fs::absolute(builds), *owner);
    std::string name = (fs::absolute(builds) / (std::to_string(build_id) + "-XXXXXX")).string();
    if (::mkdtemp(name.data()) == nullptr) fail(builds);
    return name;
}

Descriptor lock_folder(const fs::path& folder) {
    Descriptor lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (lock && ::flock(lock.get(), LOCK_EX | LOCK_NB) < 0) lock.reset();
    return lock;
}

}  // namespace

Workspace::Workspace(const fs::path& builds, std::int64_t build_id, const std::optional<Identity>& owner)
    : owner_(owner) {
    // Somebody who clears leftovers may take the new folder before we lock it: then another one.
    while (!lock_) {
        root_ = make_folder(builds, build_id, owner);
        lock_ = lock_folder(root_);
    }
    for (const char* part : {"source", "home", "tmp", "rpm"}) {
        std::error_code error;
        fs::create_directory(root_ / part, error);
        if (error) {
            remove_tree(root_);
            throw std::system_error(error, (root_ / part).string());
        }
    }
}

Workspace::~Workspace() {
    try {
        remove_tree(root_);
    } catch (const std::system_error&) {
        // Stays unlocked: whoever starts next removes it as a leftover.
    }
}

void Workspace::hand_over() const {
    if (!owner_) return;
    const auto give = [this](const fs::path& path) {
        if (::lchown(path.c_str(), owner_->uid, owner_->gid) < 0) fail(path);
    };
    for (const auto& entry : fs::recursive_directory_iterator(root_)) give(entry.path());
    give(root_);
}

std::uint64_t disk_free(const fs::path& folder) {
    struct statvfs found = {};
    if (::statvfs(folder.c_str(), &found) < 0) fail(folder);
    return std::uint64_t{found.f_bavail} * found.f_frsize;
}

void remove_leftover_workspaces(const fs::path& builds) {
    std::error_code error;
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(builds, error)) found.push_back(entry.path());
    for (const auto& folder : found)
        if (const Descriptor lock = lock_folder(folder)) remove_tree(folder);
}

}  // namespace heddle
