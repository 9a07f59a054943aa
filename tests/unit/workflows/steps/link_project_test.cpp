// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/support/events.hpp"
#include "tests/support/step_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

const std::string kTarget = "demo:ci:openSUSE:repo123:PR-1";
const std::vector<std::string> kLinked{"demo"};

std::shared_ptr<const Step> link() {
    return a_step("link_project", {{"source_project", text("demo")}, {"target_project", text("demo:ci")}});
}

struct World : StepWorld {
    World() { builds.add_project("demo"); }
    std::vector<std::string> links_of(const std::string& project) { return builds.project(project)->links; }
};

}  // namespace

TEST_CASE("link_project makes the project and one link (vector 39)") {
    World world;
    const StepOutcome outcome = world.run(*link(), a_pull_request());
    CHECK(world.in_order("claim_project " + kTarget + " new", "create_project " + kTarget));
    CHECK(world.in_order("create_project " + kTarget, "link_project " + kTarget + " -> demo"));
    CHECK(world.links_of(kTarget) == kLinked);
    CHECK(world.builds.project(kTarget)->about.url == "https://forge.example/openSUSE/repo123/pull/1");
    CHECK(outcome.message == "linked project " + kTarget + " to demo");
    CHECK(outcome.artifacts == R"({"source_project":"demo","target_project":")" + kTarget + "\"}");
    CHECK(outcome.touched.empty());
    CHECK(world.log.promised.empty());
}

TEST_CASE("an update, a label and a repeated delivery leave one link") {
    World world;
    for (const PullRequestKind kind :
         {PullRequestKind::Updated, PullRequestKind::Labeled, PullRequestKind::Opened})
        world.run(*link(), a_pull_request(kind));
    CHECK(world.links_of(kTarget) == kLinked);
}

TEST_CASE("closing and unlabeling take the link from a project that stays (vector 40)") {
    for (const PullRequestKind kind :
         {PullRequestKind::Closed, PullRequestKind::Merged, PullRequestKind::Unlabeled}) {
        World world;
        world.builds.add_project(kTarget);
        world.run(*link(), a_pull_request());
        CHECK(world.links_of(kTarget) == kLinked);
        const StepOutcome outcome = world.run(*link(), a_pull_request(kind));
        CHECK(world.links_of(kTarget).empty());
        CHECK(outcome.message == "unlinked project " + kTarget + " from demo");
        CHECK(world.run(*link(), a_pull_request(kind)).message ==
              "project " + kTarget + " has no link to demo");
    }
}

TEST_CASE("closing makes no project that is not there (D13)") {
    World world;
    const StepOutcome outcome = world.run(*link(), a_pull_request(PullRequestKind::Closed));
    CHECK(outcome.status == StepOutcome::Status::NotApplicable);
    CHECK(outcome.message == "there is no project " + kTarget + " to unlink");
    CHECK_FALSE(world.builds.project(kTarget));
}

TEST_CASE("reopening restores the project that closing took, and links it") {
    World world;
    world.run(*link(), a_pull_request());
    world.builds.add_package({kTarget, "hello"});
    world.builds.delete_project(kTarget, "closed");
    world.log.project_deleted(kTarget);
    world.run(*link(), a_pull_request(PullRequestKind::Reopened));
    CHECK(world.builds.package({kTarget, "hello"}));
    CHECK(world.links_of(kTarget) == kLinked);
}

TEST_CASE("pushes link the project that the file names") {
    World world;
    world.run(*link(), a_push());
    world.run(*link(), a_tag_push());
    CHECK(world.links_of("demo:ci") == kLinked);
    CHECK(world.journal->lines_of("claim_project").empty());
}

TEST_CASE("another pull request's project is neither linked nor unlinked") {
    World world;
    world.builds.add_project(kTarget);
    world.log.another_owns(kTarget);
    CHECK_FALSE(world.failure_of(*link(), a_pull_request()).empty());
    CHECK_FALSE(world.failure_of(*link(), a_pull_request(PullRequestKind::Unlabeled)).empty());
    CHECK(world.journal->lines_of("link_project").empty());
    CHECK(world.journal->lines_of("unlink_project").empty());
}

TEST_CASE("a source project that does not exist fails the step") {
    StepWorld world;
    CHECK(world.failure_of(*link(), a_push()) == "link project demo:ci: there is no project demo");
}
