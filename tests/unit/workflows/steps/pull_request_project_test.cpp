// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/support/events.hpp"
#include "tests/support/step_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

const std::string kProject = "demo:ci:openSUSE:repo123:PR-1";
const PackageRef kTarget{kProject, "hello"};

std::shared_ptr<const Step> make(const std::string& step) {
    return a_step(step,
                  {{"source_project", text("demo")},
                   {"source_package", text("hello")},
                   {"target_project", text("demo:ci")}});
}

StepWorld& with_source(StepWorld& world) {
    world.builds.add_package({"demo", "hello"});
    return world;
}

}  // namespace

TEST_CASE("the end of a pull request deletes the project that was made for it") {
    for (const std::string step : {"branch_package", "link_package"})
        for (PullRequestKind kind :
             {PullRequestKind::Closed, PullRequestKind::Merged, PullRequestKind::Unlabeled}) {
            CAPTURE(step);
            StepWorld world;
            with_source(world).run(*make(step), a_pull_request());
            const StepOutcome outcome = world.run(*make(step), a_pull_request(kind));
            CHECK_FALSE(world.builds.project(kProject).has_value());
            CHECK(outcome.status == StepOutcome::Status::Done);
            CHECK(outcome.deleted_projects == std::vector<std::string>{kProject});
            CHECK(outcome.message == "deleted project " + kProject);
            CHECK(world.log.promised.empty());
            CHECK(world.in_order("delete_project " + kProject + " (pull request #1 of openSUSE/repo123 was " +
                                     std::string(to_string(kind)) + ")",
                                 "project_deleted " + kProject));
        }
}

TEST_CASE("a project that is not recorded for the pull request is never deleted") {
    StepWorld world;
    world.builds.add_package(kTarget);
    const StepOutcome outcome = world.run(*make("branch_package"), a_pull_request(PullRequestKind::Closed));
    CHECK(outcome.status == StepOutcome::Status::NotApplicable);
    CHECK(outcome.message == "project " + kProject + " stays: it was not made for this pull request");
    CHECK(world.builds.project(kProject).has_value());
    CHECK(world.journal->lines_of("delete_project").empty());
}

TEST_CASE("a project that was there before is used but not deleted") {
    StepWorld world;
    world.builds.add_project(kProject);
    with_source(world).run(*make("branch_package"), a_pull_request());
    CHECK(world.builds.package(kTarget).has_value());
    world.run(*make("branch_package"), a_pull_request(PullRequestKind::Closed));
    CHECK(world.builds.project(kProject).has_value());
}

TEST_CASE("a project of another pull request fails the step untouched") {
    for (const std::string step : {"branch_package", "link_package"}) {
        StepWorld world;
        world.log.another_owns(kProject);
        world.builds.add_project(kProject);
        const std::string failure = with_source(world).failure_of(*make(step), a_pull_request());
        CHECK(failure == "use project " + kProject + ": it belongs to another pull request");
        CHECK(world.builds.project(kProject)->packages.empty());
        CHECK(world.journal->lines_of("subscribe").empty());
        world.run(*make(step), a_pull_request(PullRequestKind::Closed));
        CHECK(world.builds.project(kProject).has_value());
    }
}

TEST_CASE("of several steps into one project the first deletes it") {
    StepWorld world;
    with_source(world).run(*make("branch_package"), a_pull_request());
    world.run(*make("branch_package"), a_pull_request(PullRequestKind::Closed));
    const StepOutcome second = world.run(*make("link_package"), a_pull_request(PullRequestKind::Closed));
    CHECK(second.status == StepOutcome::Status::Done);
    CHECK(second.message == "project " + kProject + " is gone already");
}

TEST_CASE("a project that was never made can't be deleted") {
    StepWorld world;
    const StepOutcome outcome = world.run(*make("branch_package"), a_pull_request(PullRequestKind::Closed));
    CHECK(outcome.status == StepOutcome::Status::NotApplicable);
    CHECK(outcome.message == "there is no project " + kProject + " to delete");
}

TEST_CASE("a deletion whose answer was lost is recorded by the next try") {
    StepWorld world;
    with_source(world).run(*make("branch_package"), a_pull_request());
    const RemoteError lost(RemoteError::Kind::Retry, "delete", "no answer");
    world.journal->fail("delete_project", lost, CallJournal::At::End);
    const ScmEvent closed = a_pull_request(PullRequestKind::Closed);
    CHECK_FALSE(world.failure_of(*make("branch_package"), closed).empty());
    CHECK(world.run(*make("branch_package"), closed).deleted_projects == std::vector<std::string>{kProject});
    CHECK(world.log.owned_projects().empty());
}

TEST_CASE("reopening restores the project and brings it to the head") {
    for (const std::string step : {"branch_package", "link_package"}) {
        CAPTURE(step);
        StepWorld world;
        with_source(world).run(*make(step), a_pull_request());
        world.run(*make(step), a_pull_request(PullRequestKind::Closed));
        ScmEvent reopened = a_pull_request(PullRequestKind::Reopened);
        reopened.commit_sha = "987654321";
        world.run_mark = "heddle run 13";
        world.journal->clear();
        const StepOutcome outcome = world.run(*make(step), reopened);
        CHECK(world.in_order("project_restored " + kProject, "restore_project " + kProject));
        CHECK(world.in_order("restore_project " + kProject, "subscribe " + to_string(kTarget)));
        CHECK(world.builds.package(kTarget).has_value());
        CHECK(world.journal->lines_of("branch_package").empty());
        REQUIRE(outcome.touched.size() == 1);
        CHECK(outcome.touched[0].package == kTarget);
        CHECK(world.log.owned_projects() == std::vector<std::string>{kProject});
        if (step == "branch_package")
            CHECK(world.builds.package(kTarget)->files.at("_branch_request").find("987654321") !=
                  std::string::npos);
    }
}

TEST_CASE("reopening where nothing can be restored makes the project anew") {
    StepWorld world;
    world.log.owns(kProject);
    with_source(world).run(*make("branch_package"), a_pull_request(PullRequestKind::Reopened));
    CHECK(world.builds.package(kTarget).has_value());
    CHECK(world.journal->lines_of("restore_project").size() == 1);
    CHECK(world.log.owned_projects() == std::vector<std::string>{kProject});
}

TEST_CASE("a project that was never ours is not restored") {
    StepWorld world;
    world.builds.add_project(kProject);
    world.builds.delete_project(kProject, "by hand");
    with_source(world).run(*make("branch_package"), a_pull_request(PullRequestKind::Reopened));
    CHECK(world.journal->lines_of("restore_project").empty());
    CHECK(world.builds.package(kTarget).has_value());
}

TEST_CASE("a restore whose answer was lost does not cost us the project") {
    StepWorld world;
    with_source(world).run(*make("branch_package"), a_pull_request());
    world.run(*make("branch_package"), a_pull_request(PullRequestKind::Closed));
    const RemoteError lost(RemoteError::Kind::Retry, "restore", "no answer");
    world.journal->fail("restore_project", lost, CallJournal::At::End);
    const ScmEvent reopened = a_pull_request(PullRequestKind::Reopened);
    CHECK_FALSE(world.failure_of(*make("branch_package"), reopened).empty());
    world.run(*make("branch_package"), reopened);
    CHECK(world.log.owned_projects() == std::vector<std::string>{kProject});
    world.run(*make("branch_package"), a_pull_request(PullRequestKind::Closed));
    CHECK_FALSE(world.builds.project(kProject).has_value());
}

TEST_CASE("a project that somebody made in place of the deleted one is used but never deleted") {
    for (PullRequestKind kind : {PullRequestKind::Reopened, PullRequestKind::Labeled}) {
        StepWorld world;
        with_source(world).run(*make("branch_package"), a_pull_request());
        world.run(*make("branch_package"), a_pull_request(PullRequestKind::Closed));
        world.builds.add_package({kProject, "precious"});
        const StepOutcome again = world.run(*make("branch_package"), a_pull_request(PullRequestKind::Closed));
        CHECK(again.status == StepOutcome::Status::NotApplicable);
        world.run(*make("branch_package"), a_pull_request(kind));
        CHECK(world.builds.package(kTarget).has_value());
        CHECK(world.builds.package({kProject, "precious"}).has_value());
        world.run(*make("branch_package"), a_pull_request(PullRequestKind::Closed));
        CHECK(world.builds.package({kProject, "precious"}).has_value());
    }
}

TEST_CASE("a label that comes back after it went makes the project ours again") {
    StepWorld world;
    with_source(world).run(*make("branch_package"), a_pull_request(PullRequestKind::Labeled));
    world.run(*make("branch_package"), a_pull_request(PullRequestKind::Unlabeled));
    world.run(*make("branch_package"), a_pull_request(PullRequestKind::Labeled));
    CHECK(world.log.owned_projects() == std::vector<std::string>{kProject});
}
