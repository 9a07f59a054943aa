// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/leftover_server.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace heddle {
namespace {

constexpr int kPatience = 15'000;  // milliseconds

int process_in(const std::filesystem::path& lock_file) {
    std::ifstream in(lock_file);
    std::string line;
    std::getline(in, line);
    return std::atoi(line.c_str());
}

bool serves(int process, const std::filesystem::path& cluster) {
    std::ostringstream command;
    command << std::ifstream("/proc/" + std::to_string(process) + "/cmdline")
                   .rdbuf();  // nothing if it just ended
    return command.str().find('\0' + cluster.string() + '\0') != std::string::npos;
}

// A process that has ended answers at once, also one that nobody has reaped.
bool ends(int process_descriptor, int patience) {
    pollfd end{process_descriptor, POLLIN, 0};
    return poll(&end, 1, patience) == 1;
}

}  // namespace

void stop_leftover_server(const std::filesystem::path& cluster) {
    const auto lock_file = cluster / "postmaster.pid";
    const int process = process_in(lock_file);
    if (process <= 0) return;
    // glibc 2.36 declares pidfd_open without C linkage.
    const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, process, 0));
    bool gone = descriptor < 0 || ends(descriptor, 0) || !serves(process, cluster);
    // A keeper's death tells its server to stop: most often there is only to wait.
    for (const int signal : {0, SIGINT, SIGQUIT, SIGKILL}) {
        if (gone) break;
        kill(process, signal);
        gone = ends(descriptor, signal == 0 ? 1000 : kPatience);
    }
    if (descriptor >= 0) close(descriptor);
    if (!gone)
        throw std::runtime_error("the server of before, process " + std::to_string(process) +
                                 ", does not end");
    std::filesystem::remove(lock_file);
}

}  // namespace heddle
