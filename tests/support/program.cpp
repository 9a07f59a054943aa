// SPDX-License-Identifier: Apache-2.0
#include "tests/support/program.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/support/folder_watch.hpp"

namespace heddle::test {
namespace {

namespace fs = std::filesystem;

std::string read_all(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

void redirect(const char* file, int to, int flags) {
    const int fd = ::open(file, flags, 0644);
    if (fd < 0 || ::dup2(fd, to) < 0) ::_exit(126);
    ::close(fd);
}

[[noreturn]] void become(const std::vector<std::string>& arguments,
                         const RunOptions& options,
                         const fs::path& folder) {
    ::setpgid(0, 0);
    redirect("/dev/null", 0, O_RDONLY);
    redirect((folder / "out").c_str(), 1, O_WRONLY | O_CREAT | O_APPEND);
    redirect((folder / "err").c_str(), 2, O_WRONLY | O_CREAT | O_APPEND);
    if (::chdir(options.directory.c_str()) != 0) ::_exit(126);
    if (options.uid != 0 &&
        (::setgroups(0, nullptr) != 0 || ::setgid(options.uid) != 0 || ::setuid(options.uid) != 0))
        ::_exit(126);
    for (const auto& [name, value] : options.environment) ::setenv(name.c_str(), value.c_str(), 1);
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
}

}  // namespace

Program::Program(const std::vector<std::string>& arguments, const RunOptions& options)
    : until_(std::chrono::steady_clock::now() + options.deadline) {
    std::string name = (fs::temp_directory_path() / "heddle-program-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("mkdtemp failed");
    folder_ = name;
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("fork failed");
    if (pid_ == 0) become(arguments, options, folder_);
    ::setpgid(pid_, pid_);
}

Program::~Program() {
    if (!ended_) {
        ::kill(-pid_, SIGKILL);
        ::waitpid(pid_, &status_, 0);
    }
    std::error_code ignored;  // nothing can be done about it here, and the folder is in /tmp
    fs::remove_all(folder_, ignored);
}

bool Program::running() {
    if (!ended_ && ::waitpid(pid_, &status_, WNOHANG) == pid_) ended_ = true;
    return !ended_;
}

void Program::signal(int number) {
    if (!ended_) ::kill(pid_, number);
}

std::string Program::out() const { return read_all(folder_ / "out"); }

bool Program::prints(const std::string& text) const {
    return FolderWatch(folder_).wait(
        [&] { return out().find(text) != std::string::npos; }, until_, ended_ ? -1 : pid_);
}

Ended Program::wait() {
    const int watch = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    if (!ended_ && watch >= 0) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until_ - std::chrono::steady_clock::now());
        pollfd p{watch, POLLIN, 0};
        const bool over = ::poll(&p, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0))) == 1;
        ::close(watch);
        if (!over) {
            ::kill(-pid_, SIGKILL);
            ::waitpid(pid_, &status_, 0);
            ended_ = true;
            throw std::runtime_error("a program did not end in time; it printed:\n" + out() +
                                     read_all(folder_ / "err"));
        }
    }
    if (!ended_) ::waitpid(pid_, &status_, 0);
    ended_ = true;
    const int code = WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_);
    return {code, out(), read_all(folder_ / "err")};
}

Ended run(const std::vector<std::string>& arguments, const RunOptions& options) {
    return Program(arguments, options).wait();
}

std::string heddle_program() {
    const char* path = std::getenv("HEDDLE_PROGRAM");
    if (!path) throw std::runtime_error("HEDDLE_PROGRAM does not name the program under test");
    return path;
}

}  // namespace heddle::test
