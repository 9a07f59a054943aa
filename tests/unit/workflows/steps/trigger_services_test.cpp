// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/events.hpp"
#include "tests/support/step_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

const PackageRef kPackage{"demo", "hello"};

std::shared_ptr<const Step> trigger() {
    return a_step("trigger_services", {{"project", text("demo")}, {"package", text("hello")}});
}

std::string comment_for(const ScmEvent& event, const std::string& label = "") {
    StepWorld world;
    world.token_label = label;
    world.builds.add_services(kPackage);
    world.run(*trigger(), event);
    return world.builds.package(kPackage)->history.back().comment;
}

}  // namespace

TEST_CASE("trigger_services takes the names of the file and subscribes before asking") {
    StepWorld world;
    world.builds.add_services(kPackage);
    const StepOutcome outcome = world.run(*trigger(), a_push());
    CHECK(world.journal->lines() ==
          std::vector<std::string>{
              "hold demo/hello",
              "subscribe demo/hello",
              "run_services demo/hello \"Service triggered by a workflow token via forge, push 456 on main\"",
              "complete demo/hello rev 2",
              "let_go demo/hello",
          });
    REQUIRE(outcome.touched.size() == 1);
    CHECK_FALSE(outcome.touched[0].rebuild);
    CHECK(outcome.message == "ran the services of demo/hello");
    CHECK(nlohmann::json::parse(outcome.artifacts) ==
          nlohmann::json{{"project", "demo"}, {"package", "hello"}});
}

TEST_CASE("the comment says who triggered the services and why") {
    CHECK(comment_for(a_pull_request()) ==
          "Service triggered by a workflow token via forge, PR/MR #1 (opened)");
    CHECK(comment_for(a_tag_push(), "nightly") ==
          "Service triggered by the 'nightly' token via forge, push 789 on release_abc");
    ScmEvent push = a_push();
    push.commit_sha = "0123456789abcdef";
    CHECK(comment_for(push) == "Service triggered by a workflow token via forge, push 0123456 on main");
}

TEST_CASE("the trigger names the commit and where it was pushed to") {
    StepWorld world;
    world.builds.add_services(kPackage);
    for (const ScmEvent& event : {a_push(), a_pull_request(), a_tag_push()}) world.run(*trigger(), event);
    const auto triggers = world.builds.package(kPackage)->triggers;
    REQUIRE(triggers.size() == 3);
    CHECK(triggers[0].run == "heddle run 12");
    CHECK(triggers[0].clone_url == "https://forge.example/openSUSE/repo123.git");
    CHECK(triggers[0].branch == "main");
    CHECK(triggers[0].commit_sha == "456");
    CHECK_MESSAGE(triggers[1].clone_url == "https://forge.example/contributor/repo123.git", "the fork");
    CHECK(triggers[1].branch == "feature");
    CHECK(triggers[1].commit_sha == "123456789");
    CHECK(triggers[2].branch.empty());
    CHECK(triggers[2].commit_sha == "789");
}

TEST_CASE("a tag runs the services without a promise") {
    StepWorld world;
    world.builds.add_services(kPackage);
    CHECK(world.run(*trigger(), a_tag_push()).touched.empty());
    CHECK(world.journal->lines_of("subscribe").empty());
    CHECK(world.builds.package(kPackage)->history.size() == 2);
}

TEST_CASE("services that change nothing leave nothing to wait for") {
    StepWorld world;
    world.builds.add_services(kPackage, false);
    const StepOutcome outcome = world.run(*trigger(), a_push());
    CHECK(outcome.status == StepOutcome::Status::Done);
    CHECK(outcome.touched.empty());
    CHECK(outcome.message ==
          "ran the services of demo/hello; its sources did not change; there is no build to wait for");
    CHECK(world.in_order("subscribe demo/hello", "withdraw demo/hello"));
    CHECK(world.log.promised.empty());
}

TEST_CASE("a package without services fails the step and takes the promise back") {
    StepWorld world;
    world.builds.add_package(kPackage);
    CHECK(world.failure_of(*trigger(), a_push()) ==
          "run the services of demo/hello: it has no source services");
    CHECK(world.log.promised.empty());
}

TEST_CASE("a trigger whose answer was lost is not lost") {
    StepWorld world;
    world.builds.add_services(kPackage);
    const RemoteError lost(RemoteError::Kind::Retry, "run services", "no answer");
    world.journal->fail("run_services", lost, CallJournal::At::End);
    CHECK_FALSE(world.failure_of(*trigger(), a_push()).empty());
    CHECK(world.log.promised.contains(kPackage));
    const StepOutcome outcome = world.run(*trigger(), a_push());
    CHECK(world.builds.package(kPackage)->history.size() == 2);
    REQUIRE(outcome.touched.size() == 1);
    CHECK(outcome.touched[0].revision.rev == "2");
}

TEST_CASE("a revision that carries the run's mark counts even if the last try changed nothing") {
    StepWorld world;
    world.builds.add_services(kPackage, false);
    world.builds.write_file(kPackage, "made-by-the-lost-try", "x", world.run_mark);
    world.builds.services_know_runs = false;
    const StepOutcome outcome = world.run(*trigger(), a_push());
    REQUIRE(outcome.touched.size() == 1);
    CHECK(outcome.touched[0].revision.rev == "2");
}
