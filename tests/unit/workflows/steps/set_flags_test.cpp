// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/events.hpp"
#include "tests/support/step_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

DefinitionNode flag(const std::string& status, const std::string& package) {
    return map({{"type", text("build")},
                {"status", text(status)},
                {"project", text("demo")},
                {"package", text(package)},
                {"architecture", text("aarch64")}});
}

std::shared_ptr<const Step> flags(std::vector<DefinitionNode> all) {
    return a_step("set_flags", {{"flags", list(std::move(all))}});
}

}  // namespace

TEST_CASE("a flag of a pushed commit is set on the commit's package (vector 45)") {
    StepWorld world;
    world.builds.add_package({"demo", "ctris-456"});
    const StepOutcome outcome = world.run(*flags({flag("disable", "ctris")}), a_push());
    const auto set = world.builds.project("demo")->flags;
    REQUIRE(set.size() == 1);
    CHECK(set[0].package == "ctris-456");
    CHECK(set[0].type == "build");
    CHECK(set[0].status == "disable");
    CHECK(set[0].architecture == "aarch64");
    CHECK(set[0].repository.empty());
    CHECK(outcome.message == "set build to disable for demo/ctris-456");
    CHECK(outcome.touched.empty());
    CHECK(nlohmann::json::parse(outcome.artifacts).at("flags").at(0).at("package") == "ctris");
}

TEST_CASE("all flags of a step are set in one call, each package held in one order") {
    StepWorld world;
    const std::string project = "demo:openSUSE:repo123:PR-1";
    world.builds.add_package({project, "a"});
    world.builds.add_package({project, "b"});
    world.run(*flags({flag("disable", "b"), flag("enable", ""), flag("disable", "a")}), a_pull_request());
    CHECK(world.journal->lines_of("set_flags") == std::vector<std::string>{"set_flags 3"});
    CHECK(world.builds.project(project)->flags.size() == 3);
    CHECK(world.in_order("hold " + project + "/a", "hold " + project + "/b"));
    CHECK(world.in_order("hold " + project + "/b", "set_flags 3"));
}

TEST_CASE("a flag with a list of packages is set on each of them") {
    StepWorld world;
    world.builds.add_package({"demo", "a-456"});
    world.builds.add_package({"demo", "b-456"});
    world.run(*flags({map({{"type", text("build")},
                           {"status", text("disable")},
                           {"project", text("demo")},
                           {"package", list({text("a"), text("b")})}})}),
              a_push());
    const auto set = world.builds.project("demo")->flags;
    REQUIRE(set.size() == 2);
    CHECK(set[0].package == "a-456");
    CHECK(set[1].package == "b-456");
}

TEST_CASE("an unknown package is an error, and nothing is set (D12)") {
    StepWorld world;
    world.builds.add_project("demo");
    const std::string failure =
        world.failure_of(*flags({flag("enable", ""), flag("disable", "gone")}), a_push());
    CHECK(failure == "set flags: there is no package demo/gone-456");
    CHECK(world.builds.project("demo")->flags.empty());
}

TEST_CASE("flags of another pull request's project are not touched") {
    StepWorld world;
    const std::string project = "demo:openSUSE:repo123:PR-1";
    world.builds.add_project(project);
    world.log.another_owns(project);
    CHECK_FALSE(world.failure_of(*flags({flag("enable", "")}), a_pull_request()).empty());
    CHECK(world.builds.project(project)->flags.empty());
}

TEST_CASE("setting flags twice leaves the same") {
    StepWorld world;
    world.builds.add_project("demo");
    const RemoteError lost(RemoteError::Kind::Retry, "set flags", "no answer");
    world.journal->fail("set_flags", lost, CallJournal::At::End);
    const auto step = flags({flag("enable", "")});
    CHECK_FALSE(world.failure_of(*step, a_push()).empty());
    world.run(*step, a_push());
    CHECK(world.builds.project("demo")->flags.size() == 1);
}

TEST_CASE("a flag of a package that can't be named fails before anybody is asked") {
    StepWorld world;
    ScmEvent event = a_tag_push();
    event.tag = "v1/2";
    CHECK(world.failure_of(*flags({flag("enable", "hello")}), event).find("the tag \"v1/2\"") !=
          std::string::npos);
    CHECK(world.journal->lines().empty());
}
