// SPDX-License-Identifier: Apache-2.0
#include "workflows/plan.hpp"

#include <doctest/doctest.h>

#include "tests/support/definitions.hpp"
#include "tests/support/events.hpp"
#include "tests/support/step_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

std::shared_ptr<const Step> trigger() {
    return a_step("trigger_services", {{"project", text("demo")}, {"package", text("hello")}});
}

std::shared_ptr<const Step> branch() {
    return a_step("branch_package",
                  {{"source_project", text("demo")},
                   {"source_package", text("hello")},
                   {"target_project", text("demo:ci")}});
}

}  // namespace

TEST_CASE("a plan lists every workflow, and the steps of those that run") {
    const Definition definition{
        true,
        {only_for(a_workflow("on push", 1, {{"trigger_services", trigger()}}), "push"),
         a_workflow("always", 10, {{"branch_package", branch()}, {"trigger_services", trigger()}})}};
    const Plan plan = make_plan(definition, a_pull_request());
    CHECK(plan.problems.empty());
    REQUIRE(plan.workflows.size() == 2);
    CHECK(plan.workflows[0].name == "on push");
    CHECK_FALSE(plan.workflows[0].runs);
    CHECK(plan.workflows[0].because.find("line 21") != std::string::npos);
    CHECK(plan.workflows[0].steps.empty());
    CHECK(plan.workflows[1].runs);
    CHECK(plan.workflows[1].line == 10);
    REQUIRE(plan.workflows[1].steps.size() == 2);
    CHECK(plan.workflows[1].steps[0].step == "branch_package");
    CHECK(plan.workflows[1].steps[0].plan.action == StepPlan::Action::CreateOrUpdate);
    CHECK(plan.workflows[1].steps[0].plan.target == PackageRef{"demo:ci:openSUSE:repo123:PR-1", "hello"});
    CHECK(plan.workflows[1].steps[1].plan.action == StepPlan::Action::RunServices);
}

TEST_CASE("a branches filter that meets a tag is a problem of the plan") {
    Workflow workflow = a_workflow("ci", 1, {{"trigger_services", trigger()}});
    workflow.filters.branches = a_branches_filter("main", 5);
    const Plan plan = make_plan({true, {workflow}}, a_tag_push());
    REQUIRE(plan.problems.size() == 1);
    CHECK(plan.problems[0].line == 5);
    CHECK_FALSE(plan.workflows.at(0).runs);
}
