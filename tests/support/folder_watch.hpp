// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <stdexcept>

namespace heddle::test {

/// Wakes who waits for something that shows in the files of a folder. What happened since it was made is not
/// missed: make it, look, wait, look again.
class FolderWatch {
public:
    explicit FolderWatch(const std::filesystem::path& folder)
        : watch_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
        if (::inotify_add_watch(watch_, folder.c_str(), IN_CREATE | IN_MODIFY | IN_MOVED_TO | IN_DELETE) < 0)
            throw std::runtime_error("can't watch " + folder.string());
    }
    ~FolderWatch() { ::close(watch_); }
    FolderWatch(const FolderWatch&) = delete;
    FolderWatch& operator=(const FolderWatch&) = delete;

    /// Until `holds`. False: `deadline` came, or the process that it is expected of ended (0: of none).
    template <class Condition>
    bool wait(Condition&& holds, std::chrono::steady_clock::time_point deadline, pid_t process = 0) {
        const int end = process > 0 ? static_cast<int>(::syscall(SYS_pidfd_open, process, 0)) : -1;
        bool going_on = process <= 0 || end >= 0;
        while (!holds()) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                deadline - std::chrono::steady_clock::now());
            if (!going_on || left.count() <= 0) {
                ::close(end);
                return false;
            }
            std::array<pollfd, 2> ready{{{watch_, POLLIN, 0}, {end, POLLIN, 0}}};
            ::poll(ready.data(), ready.size(), static_cast<int>(left.count()));
            going_on = ready[1].revents == 0;  // then there is one last look
            std::array<char, 4096> events;
            while (::read(watch_, events.data(), events.size()) > 0) continue;
        }
        ::close(end);
        return true;
    }

private:
    int watch_;
};

}  // namespace heddle::test
