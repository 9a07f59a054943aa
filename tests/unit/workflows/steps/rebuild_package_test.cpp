// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/support/events.hpp"
#include "tests/support/step_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

const PackageRef kPackage{"demo", "hello"};

std::shared_ptr<const Step> rebuild() {
    return a_step("rebuild_package", {{"project", text("demo")}, {"package", text("hello")}});
}

}  // namespace

TEST_CASE("rebuild_package promises results of builds that begin after the request") {
    StepWorld world;
    world.builds.add_package(kPackage);
    const StepOutcome outcome = world.run(*rebuild(), a_pull_request());
    CHECK(world.journal->lines() == std::vector<std::string>{
                                        "hold demo/hello",
                                        "subscribe demo/hello rebuild",
                                        "rebuild_package demo/hello for heddle run 12",
                                        "complete demo/hello rev 1",
                                        "let_go demo/hello",
                                    });
    REQUIRE(outcome.touched.size() == 1);
    CHECK(outcome.touched[0].rebuild);
    CHECK(outcome.message == "asked for a rebuild of demo/hello");
}

TEST_CASE("a tag rebuilds without a promise") {
    StepWorld world;
    world.builds.add_package(kPackage);
    CHECK(world.run(*rebuild(), a_tag_push()).touched.empty());
    CHECK(world.builds.package(kPackage)->rebuilds == 1);
    CHECK(world.journal->lines_of("subscribe").empty());
}

TEST_CASE("an unknown package fails the step") {
    StepWorld world;
    CHECK(world.failure_of(*rebuild(), a_push()) == "rebuild demo/hello: there is no package demo/hello");
    CHECK(world.log.promised.empty());
}

TEST_CASE("a rebuild whose answer was lost is asked for again") {
    StepWorld world;
    world.builds.add_package(kPackage);
    const RemoteError lost(RemoteError::Kind::Retry, "rebuild", "no answer");
    world.journal->fail("rebuild_package", lost, CallJournal::At::End);
    CHECK_FALSE(world.failure_of(*rebuild(), a_push()).empty());
    CHECK(world.run(*rebuild(), a_push()).touched.size() == 1);
    CHECK(world.builds.package(kPackage)->rebuilds == 2);
    CHECK(world.log.promised.size() == 1);
}
