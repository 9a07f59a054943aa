// SPDX-License-Identifier: Apache-2.0
// kill -9 at random moments: whatever dies, the next `heddle try` goes on and every status ends right.
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

#include "tests/flow/try_world.hpp"

using namespace heddle::test;

namespace {

namespace fs = std::filesystem;

constexpr int kPackages = 30;
constexpr int kKills = 50;

std::string name_of(int index) { return "p" + std::to_string(100 + index); }

// Every process whose command line names the data directory: heddle, keeper, PostgreSQL, builds.
std::vector<pid_t> processes_below(const fs::path& directory) {
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream in(entry.path() / "cmdline", std::ios::binary);
        std::stringstream text;
        text << in.rdbuf();
        if (text.str().find(directory) != std::string::npos) found.push_back(std::stoi(name));
    }
    return found;
}

// True: the program was still running after the time.
bool runs_for(pid_t pid, int milliseconds) {
    const int watch = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    REQUIRE(watch >= 0);
    pollfd p{watch, POLLIN, 0};
    const bool ended = ::poll(&p, 1, milliseconds) == 1;
    ::close(watch);
    return !ended;
}

unsigned seed() {
    const char* given = std::getenv("HEDDLE_SEED");
    return given ? static_cast<unsigned>(std::stoul(given)) : std::random_device{}();
}

}  // namespace

TEST_CASE(
    "kill -9 at 50 random moments of a try with 30 packages, resumed each time, ends with the right "
    "statuses") {
    const unsigned chosen = seed();
    std::cout << "NOTE: kill -9 with seed " << chosen << " (HEDDLE_SEED repeats it)" << std::endl;
    std::mt19937 random(chosen);

    TryWorld world;
    std::vector<std::string> packages;
    for (int i = 0; i < kPackages; ++i) packages.push_back(name_of(i));
    // Every fifth package fails its own build; the name of the package is told by the builder.
    world.base({{".obs/workflows.yml", workflow_for(packages)},
                {".obs/build", "#!/bin/sh\ncase $HEDDLE_PACKAGE in *0|*5) exit 1;; esac\n"}},
               {".obs/build"});
    world.head({{"a", "b"}});
    TemporaryFolder data;
    fs::permissions(data.path(), fs::perms(0755));
    RunOptions options = world.options();
    options.environment["HEDDLE_DATA_DIR"] = data.path() / "data";
    const std::vector<std::string> command{
        heddle_program(), "try", world.repository.path(), "--base", "main", "--head", "change"};

    // A try that ended before it was killed starts the next attempt of its run, so there is always work to
    // hit.
    int kills = 0, whole = 0, everything = 0;
    while (kills < kKills) {
        Program program(command, options);
        if (!runs_for(program.pid(), std::uniform_int_distribution<int>(20, 2500)(random))) {
            const Ended ended = program.wait();
            REQUIRE_MESSAGE(ended.exit_code == 1, ended.out << ended.err);
            ++whole;
            continue;
        }
        if (std::uniform_int_distribution<int>(0, 2)(random) == 0) {
            for (const pid_t pid : processes_below(data.path())) ::kill(pid, SIGKILL);
            ++everything;
        }
        program.signal(SIGKILL);
        program.wait();
        ++kills;
    }
    options.deadline = std::chrono::seconds(180);
    const Ended last = run(command, options);
    CHECK_MESSAGE(last.exit_code == 1, last.out << last.err);

    const auto statuses = world.statuses();
    CHECK(statuses.size() == kPackages + 1);
    for (const auto& [context, state] : statuses) {
        const bool is_build = context.find(" - ") != std::string::npos;
        const char digit = is_build ? context[context.find(" - ") - 1] : '1';
        CHECK_MESSAGE(state == (digit == '0' || digit == '5' ? "failure" : "success"), context);
    }
    const Ended runs =
        run({heddle_program(), "runs", "list", "--json", "--try", world.repository.path()}, options);
    CHECK(runs.out.find("\"running\"") == std::string::npos);
    CHECK(runs.out.find("\"queued\"") == std::string::npos);
    const auto repeats = last.out.find("repeated after a crash");
    std::cout << "NOTE: " << kills << " kills (" << everything << " of everything), " << whole
              << " whole tries between; "
              << (repeats == std::string::npos
                      ? "nothing repeated in the last"
                      : last.out.substr(last.out.rfind('\n', repeats) + 1,
                                        last.out.find('\n', repeats) - last.out.rfind('\n', repeats) - 1))
              << std::endl;
}
