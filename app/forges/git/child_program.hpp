// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle {

/// A program of this machine that is talked to through its standard input and output, in a session and
/// process group of its own and with nothing of our environment. It ends with this object at the latest. For
/// one thread. All throw RemoteError.
class ChildProgram {
public:
    using Clock = std::chrono::steady_clock;

    /// `command`: a name that is looked for in PATH, and the arguments as they are. Nothing is waited for
    /// after `until`. Throws GiveUp when there is no such program.
    ChildProgram(const std::vector<std::string>& command, Clock::time_point until, const std::string& doing);
    ~ChildProgram();
    ChildProgram(const ChildProgram&) = delete;
    ChildProgram& operator=(const ChildProgram&) = delete;

    /// Waits until there is something to read; false: it says nothing more. Throws Retry when it is too late.
    bool await_words();
    /// Waits for at least one byte; 0: it says nothing more. Throws Retry when it is too late.
    std::size_t read(char* to, std::size_t size);
    /// Sends all of it. What a program that is gone does not hear is lost: reading tells. Throws Retry when
    /// it is too late.
    void write(std::string_view bytes);
    /// Says that nothing more comes, and waits for its end, at most so long; then it is killed. Its exit
    /// code; nothing: a signal ended it.
    std::optional<int> finish(std::chrono::seconds patience);

    /// The begin of what it wrote to its standard error, whoever's words these are.
    const std::string& complaints() const { return complaints_; }

private:
    bool wait(short events, Clock::time_point until);
    void hear_complaints();
    void require_time(bool in_time) const;
    void reap();

    std::string doing_;
    Clock::time_point until_;
    pid_t pid_ = -1;
    int pidfd_ = -1, talk_ = -1, errors_ = -1;
    bool ended_ = false;
    int status_ = 0;  // of waitpid()
    std::string complaints_;
};

/// A file in the memory that holds `secret`, for a child to read by its path. It never was on a disk, and
/// other users can't open it.
class SecretFile {
public:
    SecretFile(const std::string& secret, const std::string& doing);
    ~SecretFile();
    SecretFile(const SecretFile&) = delete;
    SecretFile& operator=(const SecretFile&) = delete;

    /// Good as long as this lives, for processes of our user.
    std::string path() const;

private:
    int fd_ = -1;
};

}  // namespace heddle
