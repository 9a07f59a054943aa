// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "tests/flow/serve/serve_world.hpp"

using namespace heddle::test;

namespace {

/// The child of a server that keeps its private PostgreSQL; 0: there is none.
pid_t keeper_of(pid_t server) {
    for (const auto& entry :
         std::filesystem::directory_iterator("/proc/" + std::to_string(server) + "/task")) {
        std::ifstream children(entry.path() / "children");
        for (pid_t child = 0; children >> child;) {
            std::ostringstream command;
            command << std::ifstream("/proc/" + std::to_string(child) + "/cmdline").rdbuf();
            if (command.str().find("keep-cluster") != std::string::npos) return child;
        }
    }
    return 0;
}

}  // namespace

TEST_CASE("a server whose private PostgreSQL lost its keeper starts it again") {
    ServeWorld world;
    world.start();
    const pid_t keeper = keeper_of(world.process().pid());
    REQUIRE(keeper > 0);
    REQUIRE(::kill(keeper, SIGKILL) == 0);
    CHECK(eventually([&] {
        const pid_t another = keeper_of(world.process().pid());
        return another > 0 && another != keeper && world.get("/readyz").status == 200;
    }));
    CHECK(world.process().running());
}
