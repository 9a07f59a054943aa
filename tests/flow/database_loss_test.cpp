// SPDX-License-Identifier: Apache-2.0
// The database goes away under a running `heddle try`: it waits and ends right, whatever happened.
#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "tests/flow/try_world.hpp"

using namespace heddle::test;

namespace {

namespace fs = std::filesystem;

/// A try with a data directory of its own, whose build takes some seconds.
struct SlowWorld : TryWorld {
    TemporaryFolder data;

    SlowWorld() {
        fs::permissions(data.path(), fs::perms(0755));
        base({{".obs/workflows.yml", workflow_for({"hello"})}, {"Makefile", "all:\n\tsleep 4\n"}});
        head({{"a", "b"}});
    }
    RunOptions own_options() const {
        RunOptions own = options();
        own.environment["HEDDLE_DATA_DIR"] = data.path() / "data";
        return own;
    }
    std::vector<std::string> command() const {
        return {heddle_program(), "try", repository.path(), "--base", "main", "--head", "change"};
    }
    pid_t server() const {
        pid_t process = 0;
        std::ifstream(data.path() / "data/postgres/cluster/postmaster.pid") >> process;
        return process;
    }
};

std::string text_of(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

/// The server's processes that serve a connection to the database of a try.
std::vector<pid_t> sessions_of(pid_t server) {
    std::vector<pid_t> found;
    std::ifstream children("/proc/" + std::to_string(server) + "/task/" + std::to_string(server) +
                           "/children");
    for (pid_t child = 0; children >> child;)
        if (text_of("/proc/" + std::to_string(child) + "/cmdline").find("heddle_try_") != std::string::npos)
            found.push_back(child);
    return found;
}

void check_good_end(const SlowWorld& world, const Ended& ended) {
    CHECK_MESSAGE(ended.exit_code == 0, ended.exit_code << "\n" << ended.out << ended.err);
    CHECK_MESSAGE(ended.out.ends_with("all good\n"), ended.out);
    for (const auto& [context, state] : world.statuses()) CHECK_MESSAGE(state == "success", context);
}

}  // namespace

TEST_CASE("a try outlives a database server that is killed") {
    const SlowWorld world;
    Program program(world.command(), world.own_options());
    REQUIRE(program.prints(": building"));
    REQUIRE(::kill(world.server(), SIGKILL) == 0);
    REQUIRE(program.prints("database: it does not answer; waiting for it"));
    check_good_end(world, program.wait());
    CHECK(run(world.command(), world.own_options()).exit_code == 0);
}

TEST_CASE("a try outlives the end of all its connections") {
    const SlowWorld world;
    Program program(world.command(), world.own_options());
    REQUIRE(program.prints(": building"));
    const auto sessions = sessions_of(world.server());
    REQUIRE(sessions.size() >= 3);
    for (const pid_t session : sessions) ::kill(session, SIGTERM);
    check_good_end(world, program.wait());
}
