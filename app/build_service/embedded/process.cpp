// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace heddle {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

constexpr std::size_t kMaxDescriptors = 8;
constexpr rlim_t kUsualFiles = 1024;
constexpr rlim_t kMostFiles = 4096;

/// Everything that the child needs, made before the fork: between fork and exec of a program with threads
/// only async-signal-safe calls are allowed, so nothing there allocates, throws or locks.
struct Prepared {
    explicit Prepared(const ProcessRequest& request) : request(request) {
        if (request.descriptors.size() > kMaxDescriptors) throw std::logic_error("too many descriptors");
        for (const auto& text : request.arguments) arguments.push_back(const_cast<char*>(text.c_str()));
        for (const auto& text : request.environment) environment.push_back(const_cast<char*>(text.c_str()));
        arguments.push_back(nullptr);
        environment.push_back(nullptr);
    }
    const ProcessRequest& request;
    std::vector<char*> arguments;
    std::vector<char*> environment;
    int input = -1;
    int failure = -1;  // where the child tells errno
    pid_t parent = -1;
};

bool limit(__rlimit_resource what, std::uint64_t bytes) {
    if (bytes == 0) return true;
    const rlimit value{bytes, bytes};
    return ::setrlimit(what, &value) == 0;
}

/// No core files, and no more open files than a machine gives by default, whatever we had raised for
/// ourselves.
bool usual_limits() {
    const rlimit no_core{0, 0};
    rlimit files = {};
    if (::setrlimit(RLIMIT_CORE, &no_core) < 0 || ::getrlimit(RLIMIT_NOFILE, &files) < 0) return false;
    if (files.rlim_max > kMostFiles) files.rlim_max = kMostFiles;
    files.rlim_cur = files.rlim_max < kUsualFiles ? files.rlim_max : kUsualFiles;
    return ::setrlimit(RLIMIT_NOFILE, &files) == 0;
}

/// Ends with the thread that started us. Has to be said again after each change of uid; a parent that went
/// before it was said shows in getppid.
bool tie_to(pid_t parent) { return ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::getppid() == parent; }

void default_signals() {
    struct sigaction action = {};
    action.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number) ::sigaction(number, &action, nullptr);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// A copy of `fd` out of the way of the numbers that are given out below.
int aside(int fd) { return ::fcntl(fd, F_DUPFD_CLOEXEC, 64); }

/// Returns the child's own number of `failure`, or -1.
int arrange_descriptors(const Prepared& prepared) {
    const auto& wanted = prepared.request.descriptors;
    int copies[kMaxDescriptors];
    const int count = static_cast<int>(wanted.size());
    for (int i = 0; i < count; ++i)
        if ((copies[i] = aside(wanted[static_cast<std::size_t>(i)])) < 0) return -1;
    const int input = aside(prepared.input);
    const int output = aside(prepared.request.output);
    const int failure = aside(prepared.failure);
    if (::dup2(input, 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(output, 2) < 0) return -1;
    for (int i = 0; i < count; ++i)
        if (::dup2(copies[i], 3 + i) < 0) return -1;
    if (::dup3(failure, 3 + count, O_CLOEXEC) < 0) return -1;
    if (::syscall(SYS_close_range, 4 + count, ~0U, 0) < 0) return -1;
    return 3 + count;
}

bool become(const Identity& identity) {
    for (int capability = 0; capability < 64; ++capability) ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    return ::setgroups(0, nullptr) == 0 && ::setresgid(identity.gid, identity.gid, identity.gid) == 0 &&
           ::setresuid(identity.uid, identity.uid, identity.uid) == 0;
}

/// The adopting process: says how the program ended as bubblewrap would, and waits until nothing is left.
[[noreturn]] void reap(pid_t program, bool tell) {
    ::syscall(SYS_close_range, 0, 2, 0);
    ::syscall(SYS_close_range, tell ? 4 : 3, ~0U, 0);
    int status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &status, 0)) > 0 || errno == EINTR;) {
        if (pid != program || !tell) continue;
        char text[] = "{ \"exit-code\": 000 }\n";
        int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        for (int digit = 17; digit > 14; --digit, code /= 10)
            text[digit] = static_cast<char>('0' + code % 10);
        [[maybe_unused]] const ssize_t told = ::write(3, text, sizeof text - 1);
    }
    ::_exit(0);
}

/// Starts the program below an adopting process. As run_child.
bool step_below_reaper(bool tell) {
    if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0) return false;
    const pid_t reaper = ::getpid();
    const pid_t program = ::fork();
    if (program < 0) return false;
    if (program > 0) reap(program, tell);
    return tie_to(reaper) && (!tell || ::fcntl(3, F_SETFD, FD_CLOEXEC) == 0);
}

/// In the child. Comes back only when something failed, with errno set; `failure` says where to tell it.
void run_child(const Prepared& prepared, int& failure) {
    const ProcessRequest& request = prepared.request;
    default_signals();
    if (!tie_to(prepared.parent) || ::setsid() < 0) return;
    const int moved = arrange_descriptors(prepared);
    if (moved < 0) return;
    failure = moved;
    if (!limit(RLIMIT_FSIZE, request.max_file_bytes) || !limit(RLIMIT_DATA, request.max_data_bytes)) return;
    if (!usual_limits()) return;
    if (request.identity && !become(*request.identity)) return;
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || !tie_to(prepared.parent)) return;
    if (::chdir(request.directory.c_str()) < 0) return;
    ::umask(022);
    if (request.reaper && !step_below_reaper(!request.descriptors.empty())) return;
    ::execve(prepared.arguments[0], prepared.arguments.data(), prepared.environment.data());
}

pid_t fork_child(const Prepared& prepared) {
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    int failure = prepared.failure;
    errno = 0;
    run_child(prepared, failure);
    const int error = errno != 0 ? errno : ESRCH;
    [[maybe_unused]] const ssize_t told = ::write(failure, &error, sizeof error);
    ::_exit(127);
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        reset();
        fd_ = other.release();
    }
    return *this;
}

int Descriptor::release() { return std::exchange(fd_, -1); }

void Descriptor::reset() {
    if (fd_ >= 0) ::close(release());
}

Pipe::Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) < 0) fail("pipe");
    read = Descriptor(ends[0]);
    write = Descriptor(ends[1]);
    if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0) fail("pipe");
}

Process::Process(const ProcessRequest& request) {
    Prepared prepared(request);
    const Descriptor input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!input) fail("/dev/null");
    Pipe failure;
    prepared.input = input.get();
    prepared.failure = failure.write.get();
    prepared.parent = ::getpid();
    pid_ = fork_child(prepared);
    if (pid_ < 0) fail("fork");
    pidfd_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    failure.write.reset();
    ::fcntl(failure.read.get(), F_SETFL, 0);  // until the exec closes it
    int error = 0;
    ssize_t got = 0;
    while ((got = ::read(failure.read.get(), &error, sizeof error)) < 0 && errno == EINTR) {
    }
    if (!pidfd_ || got == sizeof error) {
        if (!pidfd_) error = errno;
        ::kill(pid_, SIGKILL);
        while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
        }
        errno = error;
        fail(request.arguments.at(0));
    }
}

Process::~Process() {
    if (ended()) return;
    kill();
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

std::optional<int> Process::ended() {
    int status = 0;
    if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
    return status_;
}

void Process::kill() const { ::syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGKILL, nullptr, 0); }

Descriptor memory_file(const std::string& name, const std::string& content) {
    Descriptor file(::memfd_create(name.c_str(), MFD_CLOEXEC));
    if (!file) fail("memfd_create");
    if (::write(file.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size()))
        fail(name);
    if (::lseek(file.get(), 0, SEEK_SET) < 0) fail(name);
    return file;
}

void kill_all_of(std::uint32_t uid) {
    // Only as that uid does kill(-1) mean exactly its processes, all under one lock: none can fork away.
    const pid_t pid = ::fork();
    if (pid < 0) fail("fork");
    if (pid == 0) {
        if (::setgroups(0, nullptr) < 0 || ::setresuid(uid, uid, uid) < 0) ::_exit(2);
        ::kill(-1, SIGKILL);
        ::_exit(0);
    }
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::logic_error("kill_all_of: not root");
}

}  // namespace heddle
