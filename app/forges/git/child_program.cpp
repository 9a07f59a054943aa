// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/child_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

using Kind = RemoteError::Kind;

constexpr std::size_t kMostComplaints = 4096;

[[noreturn]] void no_resources(const std::string& doing, const std::string& what, int number) {
    throw RemoteError(Kind::Retry, doing, what + ": " + std::strerror(number));
}

/// posix_spawn's attributes and file actions, released with the object.
class SpawnPlan {
public:
    SpawnPlan(int talk, int errors) {
        posix_spawnattr_init(&attributes);
        posix_spawn_file_actions_init(&actions);
        sigset_t signals;
        sigemptyset(&signals);
        posix_spawnattr_setsigmask(&attributes, &signals);
        for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD})
            sigaddset(&signals, signal);
        posix_spawnattr_setsigdefault(&attributes, &signals);
        // Without our session's terminal nothing can be asked on it.
        posix_spawnattr_setflags(&attributes,
                                 POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
        posix_spawn_file_actions_adddup2(&actions, talk, STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, talk, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    }
    ~SpawnPlan() {
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
};

/// errno; 0: it runs.
int spawn(pid_t& pid, const std::vector<std::string>& command, int talk, int errors) {
    const SpawnPlan plan(talk, errors);
    std::vector<char*> arguments;
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    char path[] = "PATH=/usr/bin:/bin";
    char language[] = "LC_ALL=C";  // its words are read
    char* environment[] = {path, language, nullptr};
    return posix_spawnp(&pid, arguments[0], &plan.actions, &plan.attributes, arguments.data(), environment);
}

void close_fd(int& fd) {
    if (fd >= 0) close(fd);
    fd = -1;
}

}  // namespace

ChildProgram::ChildProgram(const std::vector<std::string>& command,
                           Clock::time_point until,
                           const std::string& doing)
    : doing_(doing), until_(until) {
    int talk[2], errors[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, talk) != 0)
        no_resources(doing, "socketpair", errno);
    talk_ = talk[0];
    int number = pipe2(errors, O_CLOEXEC) == 0 ? 0 : errno;
    if (number == 0) {
        errors_ = errors[0];
        fcntl(talk_, F_SETFL, O_NONBLOCK);
        fcntl(errors_, F_SETFL, O_NONBLOCK);
        number = spawn(pid_, command, talk[1], errors[1]);
        close(errors[1]);
    }
    close(talk[1]);
    if (number == 0) pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
    if (number == 0 && pidfd_ >= 0) return;
    if (number == 0) number = errno;
    if (pid_ > 0) reap();
    close_fd(talk_);
    close_fd(errors_);
    if (number == ENOENT)
        throw RemoteError(Kind::GiveUp, doing, "the program " + command.front() + " is not installed here");
    no_resources(doing, "can't run " + command.front(), number);
}

ChildProgram::~ChildProgram() {
    if (!ended_) reap();
    close_fd(pidfd_);
    close_fd(talk_);
    close_fd(errors_);
}

void ChildProgram::reap() {
    kill(-pid_, SIGKILL);
    while (waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
    ended_ = true;
}

void ChildProgram::hear_complaints() {
    char bytes[1024];
    ssize_t got = 0;
    while ((got = ::read(errors_, bytes, sizeof bytes)) > 0 || (got < 0 && errno == EINTR))
        if (got > 0 && complaints_.size() < kMostComplaints)
            complaints_.append(bytes,
                               std::min(static_cast<std::size_t>(got), kMostComplaints - complaints_.size()));
    if (got == 0) close_fd(errors_);
}

/// Until the talk is ready for one of `events` (0: until the program has ended); false: it is too late.
bool ChildProgram::wait(short events, Clock::time_point until) {
    for (;;) {
        pollfd all[] = {{events != 0 ? talk_ : pidfd_, static_cast<short>(events != 0 ? events : POLLIN), 0},
                        {errors_, POLLIN, 0}};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
        if (left.count() <= 0) return false;
        const auto most = std::min<std::int64_t>(left.count(), 3'600'000);
        if (poll(all, 2, static_cast<int>(most)) < 0 && errno != EINTR) no_resources(doing_, "poll", errno);
        if (all[1].revents != 0) hear_complaints();
        if (all[0].revents != 0) return true;
    }
}

void ChildProgram::require_time(bool in_time) const {
    if (!in_time) throw RemoteError(Kind::Retry, doing_, "there was no answer within the time allowed");
}

bool ChildProgram::await_words() {
    char byte = 0;
    for (;;) {
        const ssize_t got = recv(talk_, &byte, 1, MSG_PEEK);
        if (got > 0) return true;
        if (got == 0 || (errno != EAGAIN && errno != EINTR)) return false;
        require_time(wait(POLLIN, until_));
    }
}

std::size_t ChildProgram::read(char* to, std::size_t size) {
    if (!await_words()) return 0;
    const ssize_t got = recv(talk_, to, size, 0);
    return got > 0 ? static_cast<std::size_t>(got) : 0;
}

void ChildProgram::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = send(talk_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0)
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        else if (errno == EAGAIN)
            require_time(wait(POLLOUT, until_));
        else if (errno != EINTR)
            return;
    }
}

std::optional<int> ChildProgram::finish(std::chrono::seconds patience) {
    if (!ended_) {
        shutdown(talk_, SHUT_WR);
        const auto until = std::min(until_, Clock::now() + patience);
        // It may have more to say than its pipe takes.
        char rest[4096];
        bool in_time = true;
        while (in_time) {
            const ssize_t got = recv(talk_, rest, sizeof rest, 0);
            if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) break;
            in_time = got < 0 ? wait(POLLIN, until) : Clock::now() < until;
        }
        if (in_time) wait(0, until);
        reap();
        hear_complaints();
    }
    return WIFEXITED(status_) ? std::optional(WEXITSTATUS(status_)) : std::nullopt;
}

SecretFile::SecretFile(const std::string& secret, const std::string& doing)
    : fd_(memfd_create("heddle", MFD_CLOEXEC)) {
    const auto size = static_cast<ssize_t>(secret.size());
    if (fd_ >= 0 && fchmod(fd_, 0600) == 0 && ::write(fd_, secret.data(), secret.size()) == size) return;
    const int number = errno;
    close_fd(fd_);
    no_resources(doing, "memfd_create", number);
}

SecretFile::~SecretFile() { close_fd(fd_); }

// Not /proc/self: the child closes what it inherits.
std::string SecretFile::path() const {
    return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(fd_);
}

}  // namespace heddle
