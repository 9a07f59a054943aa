// SPDX-License-Identifier: Apache-2.0
// A forge that can't take a build's status for a while does not show the commit as good meanwhile.
#include <doctest/doctest.h>

#include <algorithm>

#include "app/build_service/embedded/schedule.hpp"
#include "tests/flow/serve/serve_world.hpp"

using namespace heddle::test;

namespace {

const std::string kStarted = "OBS SCM/CI Workflow Integration started";

const char* kWorkflow =
    "ci:\n"
    "  steps:\n"
    "    - branch_package: { source_project: demo, source_package: hello, target_project: demo:CI }\n";

/// A commit whose build fails.
std::string make_failing_commit(ServeWorld& world) {
    world.repository.write("Makefile", "all:\n\tfalse\n");
    const std::string commit = world.repository.commit("Begin");
    const std::string source = world.repository.path().string() + "#main";
    world.heddle_done({"project", "create", "demo", "--repository", "local:" + heddle::host_architecture()});
    world.heddle_done({"package", "create", "demo/hello", "--git", source});
    return commit;
}

}  // namespace

TEST_CASE("a run's success reaches the forge after the statuses of its builds") {
    const std::string build = "OBS: hello - local/" + heddle::host_architecture();
    ServeWorld world;
    ForgeStandIn& forge = world.forge(ForgeKind::Github);
    forge.set_file("main", kWorkflow);
    const std::string commit = make_failing_commit(world);
    forge.refuse_context(build);
    world.start();
    const MadeToken token = world.make_token(ForgeKind::Github);
    Happening it;
    it.commit = commit;
    REQUIRE(world.deliver(ForgeKind::Github, token, it, "one").status == 200);

    const auto tried = [&] {
        const auto posted = forge.posted();
        return std::count_if(posted.begin(), posted.end(), [&](const PostedStatus& status) {
            return status.context == build;
        });
    };
    REQUIRE(eventually([&] { return tried() >= 3; }));
    CHECK(forge.shown(commit)[kStarted] != "success");
    forge.refuse_context("");
    CHECK(eventually([&] { return forge.shown(commit)[build] == "failure"; }));
    CHECK(eventually([&] { return forge.shown(commit)[kStarted] == "success"; }));
}
