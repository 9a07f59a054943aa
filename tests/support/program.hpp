// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"

namespace heddle::test {

/// How a program ended. `exit_code` is -signal when a signal ended it.
struct Ended {
    int exit_code = 0;
    std::string out;
    std::string err;
};

struct RunOptions {
    std::map<std::string, std::string> environment;  // added to ours
    std::filesystem::path directory = ".";
    uid_t uid = 0;  // as root: run as this user; 0: as we are
    std::chrono::seconds deadline{120};
};

/// A started program whose output goes to files. Killed, with what it started in its group, when this object
/// ends.
class Program {
public:
    explicit Program(const std::vector<std::string>& arguments, const RunOptions& options = {});
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    pid_t pid() const { return pid_; }
    bool running();
    /// Does nothing once wait() or running() saw the end.
    void signal(int number);
    /// Waits for the end; past the deadline the program is killed and the test fails.
    Ended wait();
    /// What it printed so far.
    std::string out() const;
    /// Waits until it has printed that. False: it ended without, or the deadline came.
    bool prints(const std::string& text) const;

private:
    pid_t pid_ = -1;
    std::filesystem::path folder_;
    std::chrono::steady_clock::time_point until_;
    int status_ = -1;
    bool ended_ = false;
};

/// Runs a program to its end.
Ended run(const std::vector<std::string>& arguments, const RunOptions& options = {});

/// The heddle program under test ($HEDDLE_PROGRAM).
std::string heddle_program();

}  // namespace heddle::test
