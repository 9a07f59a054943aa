// SPDX-License-Identifier: Apache-2.0
// A forge that is made while the server runs.
#include <doctest/doctest.h>
#include <sys/utsname.h>

#include <nlohmann/json.hpp>

#include "tests/flow/serve/serve_world.hpp"
#include "tests/support/git_http_server.hpp"

using namespace heddle::test;

TEST_CASE("sources are fetched from a forge in a private network as soon as it is made") {
    ServeWorld world;
    world.start();
    world.repository.write("Makefile", "all:\n\ncheck:\n");
    world.repository.commit("Begin");
    StandInServer git([&](const StandInRequest& request) {
        return answer_as_git(world.repository.path().parent_path(), request);
    });
    utsname names{};
    REQUIRE(::uname(&names) == 0);
    world.heddle_done({"project", "create", "demo", "--repository", std::string("local:") + names.machine});
    const std::vector<std::string> create_package{
        "package", "create", "demo/hello", "--git", git.url() + "/hello#main"};

    const Ended refused = world.heddle(create_package);
    CHECK(refused.exit_code != 0);
    CHECK(refused.err.find("is not on the internet") != std::string::npos);
    world.heddle_done(
        {"forge", "create", "inside", "--kind", "git", "--api-url", git.url(), "--private-network"});
    world.heddle_done(create_package);
    std::string shown;
    CHECK_MESSAGE(eventually([&] {
                      shown = world.heddle_done({"package", "show", "demo/hello"});
                      return shown.find("succeeded") != std::string::npos;
                  }),
                  shown);
}
