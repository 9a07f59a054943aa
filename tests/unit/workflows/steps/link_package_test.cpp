// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/support/events.hpp"
#include "tests/support/step_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

const PackageRef kSource{"demo", "hello"};
const PackageRef kTarget{"demo:ci:openSUSE:repo123:PR-1", "hello"};

std::shared_ptr<const Step> link() {
    return a_step("link_package",
                  {{"source_project", text("demo")},
                   {"source_package", text("hello")},
                   {"target_project", text("demo:ci")}});
}

}  // namespace

TEST_CASE("link_package makes the project, then the link, after subscribing") {
    StepWorld world;
    world.builds.add_package(kSource);
    const StepOutcome outcome = world.run(*link(), a_pull_request());
    const std::string target = to_string(kTarget);
    CHECK(world.in_order("hold " + target, "claim_project " + kTarget.project + " new"));
    CHECK(world.in_order("claim_project " + kTarget.project + " new", "subscribe " + target));
    CHECK(world.in_order("subscribe " + target, "create_project " + kTarget.project));
    CHECK(world.in_order("create_project " + kTarget.project, "link_package " + target + " -> demo/hello"));
    CHECK(world.in_order("link_package " + target + " -> demo/hello", "complete " + target + " rev 1"));
    CHECK(world.builds.package(kTarget)->link == kSource);
    const NewProject about = world.builds.project(kTarget.project)->about;
    CHECK(about.title == "Made for pull request #1 of openSUSE/repo123");
    CHECK(about.url == "https://forge.example/openSUSE/repo123/pull/1");
    CHECK(outcome.message == "linked " + target + " to demo/hello");
    REQUIRE(outcome.touched.size() == 1);
    CHECK(outcome.touched[0].revision.rev == "1");
}

TEST_CASE("a link that stands already is kept") {
    StepWorld world;
    world.builds.add_package(kSource);
    world.run(*link(), a_pull_request());
    world.run_mark = "heddle run 13";
    const StepOutcome outcome = world.run(*link(), a_pull_request(PullRequestKind::Updated));
    CHECK(world.builds.package(kTarget)->history.size() == 1);
    REQUIRE(outcome.touched.size() == 1);
    CHECK(outcome.touched[0].revision.rev == "1");
}

TEST_CASE("a push is linked in the project that the file names") {
    StepWorld world;
    world.builds.add_package(kSource);
    world.run(*link(), a_push());
    CHECK(world.builds.package({"demo:ci", "hello-456"})->link == kSource);
    CHECK(world.builds.project("demo:ci")->about.title == "Made for a workflow of openSUSE/repo123");
    CHECK(world.journal->lines_of("claim_project").empty());
}

TEST_CASE("a target that is kept in git can't be linked") {
    StepWorld world;
    world.builds.add_package(kSource);
    world.builds.add_git_package({"demo:ci", "hello-456"}, "https://x/y.git");
    const std::string failure = world.failure_of(*link(), a_push());
    CHECK(failure == "link demo:ci/hello-456: its sources are kept in git; use branch_package instead");
    CHECK(world.journal->lines_of("link_package").empty());
    CHECK(world.log.promised.empty());

    StepWorld whole;
    whole.builds.add_package(kSource);
    whole.builds.add_git_project("demo:ci", "https://x/y.git");
    CHECK_FALSE(whole.failure_of(*link(), a_push()).empty());
    CHECK(whole.builds.project("demo:ci")->packages.empty());
}

TEST_CASE("a link whose answer was lost is found again") {
    StepWorld world;
    world.builds.add_package(kSource);
    const RemoteError lost(RemoteError::Kind::Retry, "link", "no answer");
    world.journal->fail("link_package", lost, CallJournal::At::End);
    CHECK_FALSE(world.failure_of(*link(), a_pull_request()).empty());
    const StepOutcome outcome = world.run(*link(), a_pull_request());
    CHECK(world.builds.package(kTarget)->history.size() == 1);
    CHECK(outcome.touched[0].revision == world.builds.package(kTarget)->history[0].revision);
    CHECK(world.log.owned_projects() == std::vector<std::string>{kTarget.project});
}
