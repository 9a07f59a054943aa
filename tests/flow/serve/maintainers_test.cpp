// SPDX-License-Identifier: Apache-2.0
// A token changes the projects that its executor maintains, and no others.
#include <doctest/doctest.h>

#include "tests/flow/serve/serve_world.hpp"

using namespace heddle::test;

TEST_CASE("a run does what its executor may do, and no more") {
    ServeWorld world;
    world.start();
    world.repository.write("Makefile", "all:\n");
    world.repository.commit("Begin");
    world.heddle_done({"user", "create", "ann"});
    world.heddle_done({"project", "create", "demo"});
    world.heddle_done(
        {"package", "create", "demo/hello", "--git", world.repository.path().string() + "#main"});
    world.forge(ForgeKind::Github)
        .set_file("main", "ci:\n  steps:\n    - rebuild_package: { project: demo, package: hello }\n");
    const MadeToken token = world.make_token(ForgeKind::Github, "ann");
    Happening it;
    it.commit = world.repository.id_of("main");
    const auto run_says = [&](const std::string& text) {
        return world.heddle_done({"runs", "show", "1", "--json"}).find(text) != std::string::npos;
    };

    REQUIRE(world.deliver(ForgeKind::Github, token, it, "again").status == 200);
    REQUIRE(eventually([&] { return run_says("\"fail\""); }));
    CHECK(run_says("rebuild demo/hello: no permission: ann is no maintainer of demo"));

    world.heddle_done({"project", "edit", "demo", "--add-maintainer", "ann"});
    REQUIRE(world.deliver(ForgeKind::Github, token, it, "again").status == 200);
    CHECK(eventually([&] { return run_says("\"success\""); }));
}
