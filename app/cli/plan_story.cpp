// SPDX-License-Identifier: Apache-2.0
#include "app/cli/plan_story.hpp"

#include <nlohmann/json.hpp>
#include <sstream>

#include "workflows/model/storable_text.hpp"
#include "workflows/model/wording.hpp"
#include "workflows/plan_json.hpp"

namespace heddle {
namespace {

using nlohmann::json;

json or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(storable_text(text)); }

json problems_json(const Problems& problems) {
    json list = json::array();
    for (const Problem& problem : problems)
        list.push_back({{"line", problem.line},
                        {"column", problem.column},
                        {"message", storable_text(problem.message)}});
    return list;
}

std::string side_in_words(const EventSide& side) {
    return one_line(side.full_name) + (side.branch.empty() ? "" : " " + one_line(side.branch));
}

void tell_event(std::ostream& out, const ScmEvent& event) {
    out << "event: " << to_string(event.event_class);
    if (event.kind) out << ' ' << to_string(*event.kind);
    if (!event.label.empty()) out << ' ' << one_line(event.label);
    if (!event.tag.empty()) out << ' ' << one_line(event.tag);
    if (!event.repository.full_name.empty()) out << " in " << one_line(event.repository.full_name);
    if (event.number) out << " #" << *event.number;
    if (!event.title.empty()) out << ": " << one_line(event.title);
    out << '\n';
    if (event.event_class == EventClass::PullRequest)
        out << "from:  " << side_in_words(event.source) << "\ninto:  " << side_in_words(event.target) << '\n';
    if (event.event_class == EventClass::Push) out << "branch: " << one_line(event.target.branch) << '\n';
    if (!event.commit_sha.empty()) out << "commit: " << one_line(event.commit_sha) << '\n';
}

void tell_problems(std::ostream& out, const Problems& problems, const std::string& file, const char* kind) {
    for (const Problem& problem : problems) {
        out << one_line(file) << ':';
        if (problem.line > 0) out << problem.line << ':' << problem.column << ':';
        out << ' ' << kind << problem.message << '\n';
    }
}

void tell_workflow(std::ostream& out, const PlannedWorkflow& workflow) {
    out << "workflow " << one_line(workflow.name) << (workflow.runs ? " runs: " : " does not run: ")
        << one_line(workflow.because) << '\n';
    for (const PlannedStep& step : workflow.steps) {
        const PackageRef& target = step.plan.target;
        out << "  " << step.step << " (line " << step.plan.line << "): " << to_string(step.plan.action);
        if (!target.project.empty())
            out << ' ' << one_line(target.package.empty() ? target.project : to_string(target));
        if (step.plan.subscribes) out << ", reports its builds";
        out << '\n';
    }
}

}  // namespace

std::string plan_json(const PlanAnswer& answer) {
    json out;
    out["event"] = json::parse(event_json(answer.webhook.event));
    out["verdict"] = {{"verdict", to_string(answer.webhook.verdict)},
                      {"reason", or_null(answer.webhook.reason)}};
    out["problems"] = answer.has_definition ? problems_json(answer.problems) : json(nullptr);
    out["workflows"] = answer.has_definition ? json::parse(workflows_json(answer.plan)) : json(nullptr);
    return out.dump();
}

std::string plan_story(const PlanAnswer& answer, const std::string& definition) {
    std::ostringstream out;
    tell_event(out, answer.webhook.event);
    out << "verdict: " << to_string(answer.webhook.verdict);
    if (!answer.webhook.reason.empty()) out << ": " << one_line(answer.webhook.reason);
    out << '\n';
    tell_problems(out, answer.problems, definition, "");
    tell_problems(out, answer.warnings, definition, "warning: ");
    for (const PlannedWorkflow& workflow : answer.plan.workflows) tell_workflow(out, workflow);
    if (answer.has_definition && answer.problems.empty() && answer.plan.workflows.empty() &&
        answer.webhook.verdict == Verdict::Accepted)
        out << "the definition has no workflow\n";
    return out.str();
}

}  // namespace heddle
