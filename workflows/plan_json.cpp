// SPDX-License-Identifier: Apache-2.0
#include "workflows/plan_json.hpp"

#include <array>
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

// The contract of `plan --json` (design 6.2). A stored event says more, and may say yet more one day.
constexpr std::array kEventKeys{"forge",
                                "class",
                                "kind",
                                "action",
                                "delivery_id",
                                "number",
                                "title",
                                "commit_sha",
                                "tag",
                                "label",
                                "labels",
                                "sender",
                                "url",
                                "draft"};
constexpr std::array kRepositoryKeys{"full_name", "owner", "name", "web_url", "clone_url", "id"};
constexpr std::array kSourceKeys{"full_name", "branch", "clone_url"};
constexpr std::array kTargetKeys{"full_name", "branch"};

template <std::size_t N>
json only(const json& object, const std::array<const char*, N>& keys) {
    json kept;
    for (const char* key : keys) kept[key] = object.at(key);
    return kept;
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
    const json whole = json::parse(to_json(event));
    json shown = only(whole, kEventKeys);
    shown["repository"] = only(whole.at("repository"), kRepositoryKeys);
    shown["source"] = only(whole.at("source"), kSourceKeys);
    shown["target"] = only(whole.at("target"), kTargetKeys);
    return shown.dump();
}

}  // namespace heddle
