// SPDX-License-Identifier: Apache-2.0
#include "workflows/engine.hpp"

#include <doctest/doctest.h>

#include "tests/support/definitions.hpp"
#include "tests/support/events.hpp"
#include "tests/support/step_world.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

std::pair<std::string, std::shared_ptr<const Step>> trigger(const std::string& package) {
    return {"trigger_services",
            a_step("trigger_services", {{"project", text("demo")}, {"package", text(package)}})};
}

RunReport run(StepWorld& world, const Definition& definition, const ScmEvent& event = a_push()) {
    return run_workflows(event, definition, world.builds, world.log, "heddle run 12", "");
}

/// demo/a, demo/b and demo/c with services.
void add_packages(StepWorld& world) {
    for (const std::string package : {"a", "b", "c"}) world.builds.add_services({"demo", package});
}

}  // namespace

TEST_CASE("the steps of all matching workflows run in order of the file") {
    StepWorld world;
    add_packages(world);
    const Definition definition{
        true,
        {a_workflow("one", 1, {trigger("b"), trigger("a")}),
         only_for(a_workflow("other", 10, {trigger("gone"), trigger("gone")}), "pull_request"),
         a_workflow("two", 20, {trigger("c"), trigger("a")})}};
    const RunReport report = run(world, definition);
    CHECK(report.ok);
    CHECK(report.message == "4 steps of 2 workflows done");
    CHECK(report.problems.empty());
    CHECK(report.subscribed == std::vector<PackageRef>{{"demo", "b"}, {"demo", "a"}, {"demo", "c"}});
    CHECK(world.journal->lines_of("step_started") ==
          std::vector<std::string>{"step_started 0 trigger_services",
                                   "step_started 1 trigger_services",
                                   "step_started 4 trigger_services",
                                   "step_started 5 trigger_services"});
    REQUIRE(world.log.finished.size() == 4);
    CHECK(world.log.finished[2].place.workflow == "two");
    CHECK(world.log.finished[2].place.line == 21);
    CHECK(world.log.finished[2].outcome.touched.size() == 1);
}

TEST_CASE("each step is recorded before the next one starts") {
    StepWorld world;
    add_packages(world);
    run(world, {true, {a_workflow("one", 1, {trigger("a"), trigger("b")})}});
    CHECK(world.in_order("let_go demo/a", "step_finished 0 trigger_services"));
    CHECK(world.in_order("step_finished 0 trigger_services", "step_started 1 trigger_services"));
}

TEST_CASE("the first step that fails for good ends the attempt and is named") {
    for (const auto kind : {RemoteError::Kind::GiveUp, RemoteError::Kind::BadCredentials}) {
        StepWorld world;
        add_packages(world);
        world.journal->fail("run_services", RemoteError(kind, "run services", "not for you"));
        const RunReport report = run(
            world,
            {true,
             {a_workflow("ci", 4, {trigger("a"), trigger("b")}), a_workflow("more", 20, {trigger("c")})}});
        CHECK_FALSE(report.ok);
        CHECK(report.message == "workflow \"ci\", line 5: trigger_services: run services: not for you");
        CHECK(world.log.failures == std::vector<std::string>{"run services: not for you"});
        CHECK(world.journal->lines_of("run_services").size() == 1);
        CHECK(report.subscribed.empty());
        CHECK(world.log.promised.empty());
    }
}

TEST_CASE("what was done before a failure stays subscribed") {
    StepWorld world;
    add_packages(world);
    const RunReport report = run(world, {true, {a_workflow("ci", 4, {trigger("a"), trigger("gone")})}});
    CHECK_FALSE(report.ok);
    CHECK(report.subscribed == std::vector<PackageRef>{{"demo", "a"}});
    CHECK(world.log.promised.contains({"demo", "a"}));
    CHECK_FALSE(world.log.promised.contains({"demo", "gone"}));
}

TEST_CASE("a failure that may pass goes back to the job, and the repeat does the same") {
    StepWorld world;
    add_packages(world);
    const Definition definition{true, {a_workflow("ci", 4, {trigger("a"), trigger("b")})}};
    for (const auto at : {CallJournal::At::Start, CallJournal::At::End}) {
        world.journal->fail(
            "run_services", RemoteError(RemoteError::Kind::Retry, "run services", "later"), at);
        CHECK_THROWS_AS(run(world, definition), RemoteError);
        CHECK(world.log.failures.empty());
    }
    const RunReport report = run(world, definition);
    CHECK(report.ok);
    CHECK(report.subscribed.size() == 2);
    CHECK(world.builds.package({"demo", "a"})->history.size() == 2);
    CHECK(world.builds.package({"demo", "b"})->history.size() == 2);
}

TEST_CASE("a problem of the plan ends the attempt before any step") {
    StepWorld world;
    add_packages(world);
    Workflow filtered = a_workflow("tags", 10, {trigger("b")});
    filtered.filters.branches = a_branches_filter("main", 15);
    const RunReport report =
        run(world, {true, {a_workflow("ci", 1, {trigger("a")}), filtered}}, a_tag_push());
    CHECK_FALSE(report.ok);
    REQUIRE(report.problems.size() == 1);
    CHECK(report.message == "line 15: " + report.problems[0].message);
    CHECK(world.journal->lines().empty());
}

TEST_CASE("a file of which nothing matches is no failure and says why") {
    StepWorld world;
    const Workflow ci = only_for(a_workflow("ci", 1, {trigger("a")}), "pull_request");
    const RunReport one = run(world, {true, {ci}});
    CHECK(one.ok);
    CHECK(one.message.find("no workflow matched; \"ci\": ") == 0);
    CHECK(one.message.find("line 21") != std::string::npos);
    const RunReport two = run(world, {true, {ci, ci}});
    CHECK(two.message.find("none of 2 workflows matched; the first, \"ci\": ") == 0);
    CHECK(run(world, {true, {}}).message == "the file has no workflows");
    CHECK(world.journal->lines().empty());
}

TEST_CASE("a step with nothing to do is recorded as not applicable") {
    StepWorld world;
    add_packages(world);
    const RunReport report =
        run(world, {true, {a_workflow("ci", 1, {trigger("a")})}}, a_pull_request(PullRequestKind::Closed));
    CHECK(report.ok);
    CHECK(report.message == "1 step of 1 workflow done");
    REQUIRE(world.log.finished.size() == 1);
    CHECK(world.log.finished[0].outcome.status == StepOutcome::Status::NotApplicable);
}

TEST_CASE("closing deletes exactly what is recorded, whatever the file says") {
    for (PullRequestKind kind : {PullRequestKind::Closed, PullRequestKind::Merged}) {
        StepWorld world;
        world.builds.add_project("a:PR-1");
        world.builds.add_project("b:PR-1");
        world.builds.add_project("c:PR-1");
        world.log.owns("a:PR-1");
        world.log.owns("b:PR-1");
        world.log.another_owns("c:PR-1");
        delete_projects_of_closed(a_pull_request(kind), world.builds, world.log);
        CHECK_FALSE(world.builds.project("a:PR-1").has_value());
        CHECK_FALSE(world.builds.project("b:PR-1").has_value());
        CHECK(world.builds.project("c:PR-1").has_value());
        CHECK(world.log.owned_projects().empty());
    }
}

TEST_CASE("the step of a project that closing has deleted says so, also when the attempt is repeated") {
    StepWorld world;
    const std::shared_ptr<const Step> step = a_step("branch_package",
                                                    {{"source_project", text("demo")},
                                                     {"source_package", text("hello")},
                                                     {"target_project", text("demo:ci")}});
    const Definition file{true, {a_workflow("ci", 1, {{"branch_package", step}})}};
    world.builds.add_package({"demo", "hello"});
    REQUIRE(run(world, file, a_pull_request()).ok);
    const std::string project = world.log.owned_projects().at(0);
    for (const std::string& said :
         {"deleted project " + project, "project " + project + " is gone already"}) {
        world.log.finished.clear();
        const ScmEvent closed = a_pull_request(PullRequestKind::Closed);
        const auto deleted = delete_projects_of_closed(closed, world.builds, world.log);
        REQUIRE(run_workflows(closed, file, world.builds, world.log, "heddle run 13", "", deleted).ok);
        REQUIRE(world.log.finished.size() == 1);
        CHECK(world.log.finished[0].outcome.status == StepOutcome::Status::Done);
        CHECK(world.log.finished[0].outcome.message == said);
    }
}

TEST_CASE("events that close nothing delete nothing") {
    for (const auto& [name, event] : all_events()) {
        if (name == "closed" || name == "merged") continue;
        CAPTURE(name);
        StepWorld world;
        world.builds.add_project("a:PR-1");
        world.log.owns("a:PR-1");
        delete_projects_of_closed(event, world.builds, world.log);
        CHECK(world.builds.project("a:PR-1").has_value());
    }
}
