// SPDX-License-Identifier: Apache-2.0
#include "workflows/plan_json.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/events.hpp"

using namespace heddle;
using nlohmann::json;

TEST_CASE("the JSON of a plan says each workflow and step in the words of the contract") {
    Plan plan;
    PlannedStep step{"set_flags", {StepPlan::Action::SetFlags, {"p", ""}, false, 3}};
    plan.workflows = {{"a", 1, true, "no filter", {step}}, {std::string("b\0", 2), 9, false, "\xFF", {}}};
    CHECK(json::parse(workflows_json(plan)) == json::parse(R"([
        {"name": "a", "line": 1, "runs": true, "because": "no filter", "steps": [
            {"step": "set_flags", "line": 3, "does": "set flags", "target": {"project": "p", "package": null},
             "subscribes": false}]},
        {"name": "b�", "line": 9, "runs": false, "because": "�", "steps": []}])"));
}

TEST_CASE("the event of a plan has no key that only a run needs") {
    ScmEvent event = test::a_pull_request();
    event.description = "secret plans";
    event.repository.is_public = true;
    const json shown = json::parse(event_json(event));
    CHECK(shown.size() == 17);
    CHECK(shown["target"] == json({{"full_name", "openSUSE/repo123"}, {"branch", "master"}}));
    CHECK(shown["source"].size() == 3);
    CHECK(shown["repository"].size() == 6);
    CHECK_FALSE(shown.contains("description"));
    CHECK_FALSE(shown.contains("branch_request"));
}
