// SPDX-License-Identifier: Apache-2.0
#include "tests/support/child.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <system_error>

namespace heddle::test {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

std::string outcome_of(const std::function<std::string()>& act) {
    try {
        return act();
    } catch (const std::exception& error) {
        return std::string("threw: ") + error.what();
    }
}

void write_all(int file, const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
        const ssize_t written = write(file, text.data() + at, text.size() - at);
        if (written <= 0) _exit(2);
        at += static_cast<std::size_t>(written);
    }
}

bool write_file(const char* path, const std::string& text) {
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return false;
    const bool done = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    close(file);
    return done;
}

/// A mount namespace of our own: root may make one, others need a user namespace around it.
bool leave_mounts() {
    const uid_t uid = getuid();
    const gid_t gid = getgid();
    if (unshare(CLONE_NEWNS) != 0) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
        const bool mapped = write_file("/proc/self/setgroups", "deny") &&
                            write_file("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1") &&
                            write_file("/proc/self/gid_map", "0 " + std::to_string(gid) + " 1");
        if (!mapped) return false;
    }
    return mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

}  // namespace

std::string in_child(const std::function<std::string()>& act) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe2");
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        write_all(ends[1], outcome_of(act));
        _exit(0);
    }
    close(ends[1]);
    std::string text;
    char buffer[4096];
    for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof buffer)) != 0;)
        if (got > 0) text.append(buffer, static_cast<std::size_t>(got));
    close(ends[0]);
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) fail("waitpid");
    return WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status)) : text;
}

void become_user(uid_t uid) {
    if (geteuid() != 0) return;
    if (setgroups(0, nullptr) != 0 || setgid(uid) != 0 || setuid(uid) != 0) fail("become another user");
}

bool mount_small_disk(const fs::path& folder, std::size_t bytes) {
    const std::string size = "size=" + std::to_string(bytes);
    return leave_mounts() && mount("tmpfs", folder.c_str(), "tmpfs", 0, size.c_str()) == 0;
}

bool make_disk_read_only(const fs::path& folder) {
    return mount(nullptr, folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0;
}

void give_to(const fs::path& folder, uid_t uid) {
    if (lchown(folder.c_str(), uid, uid) != 0) fail("chown");
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (lchown(entry.path().c_str(), uid, uid) != 0) fail("chown");
}

void note(const std::string& text) { std::printf("NOTE: %s\n", text.c_str()); }

}  // namespace heddle::test
