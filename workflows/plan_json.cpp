// SPDX-License-Identifier: Apache-2.0
#include "workflows/plan_json.hpp"

#include <nlohmann/json.hpp>

#include "workflows/model/storable_text.hpp"

namespace heddle {
namespace {

using nlohmann::json;

json or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(storable_text(text)); }

json step_json(const PlannedStep& step) {
    return {
        {"step", step.step},
        {"line", step.plan.line},
        {"does", to_string(step.plan.action)},
        {"target",
         {{"project", or_null(step.plan.target.project)}, {"package", or_null(step.plan.target.package)}}},
        {"subscribes", step.plan.subscribes}};
}

}  // namespace

std::string workflows_json(const Plan& plan) {
    json list = json::array();
    for (const PlannedWorkflow& workflow : plan.workflows) {
        json steps = json::array();
        for (const PlannedStep& step : workflow.steps) steps.push_back(step_json(step));
        list.push_back({{"name", storable_text(workflow.name)},
                        {"line", workflow.line},
                        {"runs", workflow.runs},
                        {"because", storable_text(workflow.because)},
                        {"steps", std::move(steps)}});
    }
    return list.dump();
}

std::string event_json(const ScmEvent& event) {
    json shown = json::parse(to_json(event));
    shown.erase("description");
    shown.erase("branch_request");
    shown["target"].erase("clone_url");
    return shown.dump();
}

}  // namespace heddle
