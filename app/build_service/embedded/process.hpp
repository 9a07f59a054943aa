// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace heddle {

/// Owns one file descriptor.
class Descriptor {
public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    ~Descriptor() { reset(); }
    Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    int release();
    void reset();

private:
    int fd_;
};

/// Both ends close-on-exec, reading never blocks. Throws std::system_error.
struct Pipe {
    Pipe();
    Descriptor read;
    Descriptor write;
};

/// Who a process is to be. Only root can become somebody else.
struct Identity {
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    bool exclusive = false;  // ours alone: whatever else runs as it may be killed
};

/// One program to start. It never inherits more than what stands here: every other descriptor is closed,
/// signals are at their defaults, it leads a session of its own.
struct ProcessRequest {
    std::vector<std::string> arguments;  // the first is the program's absolute path
    std::vector<std::string> environment;
    std::string directory = "/";
    std::optional<Identity> identity;  // absent: as we are
    std::vector<int> descriptors;      // become 3, 4, ...; eight at most
    int output = -1;                   // becomes its stdout and stderr
    std::uint64_t max_file_bytes = 0;  // of one file; 0: no limit
    std::uint64_t max_data_bytes = 0;  // private memory of one process; 0: no limit
    bool reaper = false;               // see Process
};

/// A started program, which is killed when the thread that started it ends, however that goes. With `reaper`
/// a small process of ours stands between: it adopts what the program leaves behind, so that this can be
/// found and killed; when the program ends it writes { "exit-code": N } into the first of `descriptors`
/// (which the program does not get), and it ends itself once nothing is left. No shell.
class Process {
public:
    /// Throws std::system_error when it can't be started; the program's absence or the refusal of its
    /// identity included.
    explicit Process(const ProcessRequest& request);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t pid() const { return pid_; }
    /// Readable once it has ended.
    int pidfd() const { return pidfd_.get(); }
    /// What waitpid says of it, once it has ended. Does not wait.
    std::optional<int> ended();
    void kill() const;

private:
    pid_t pid_ = -1;
    Descriptor pidfd_;
    std::optional<int> status_;
};

/// A file in memory that a child may read from its begin. Close-on-exec. Throws std::system_error.
Descriptor memory_file(const std::string& name, const std::string& content);

/// Kills every process of a uid that is ours alone, atomically. Only as root.
void kill_all_of(std::uint32_t uid);

}  // namespace heddle
