// SPDX-License-Identifier: Apache-2.0
#include "workflows/plan.hpp"

#include <utility>

#include "workflows/definition/definition.hpp"
#include "workflows/definition/filters.hpp"

namespace heddle {
namespace {

std::vector<PlannedStep> plan_steps(const Workflow& workflow, const ScmEvent& event) {
    std::vector<PlannedStep> steps;
    for (const DefinedStep& defined : workflow.steps)
        for (StepPlan& plan : defined.step->plan(event)) steps.push_back({defined.name, std::move(plan)});
    return steps;
}

}  // namespace

Plan make_plan(const Definition& definition, const ScmEvent& event) {
    Plan plan;
    for (const Workflow& workflow : definition.workflows) {
        FilterVerdict verdict = judge_filters(workflow, event, definition.merge_request_alias);
        PlannedWorkflow planned{workflow.name, workflow.line, verdict.runs, std::move(verdict.because), {}};
        if (planned.runs) planned.steps = plan_steps(workflow, event);
        if (verdict.problem) plan.problems.push_back(std::move(*verdict.problem));
        plan.workflows.push_back(std::move(planned));
    }
    return plan;
}

}  // namespace heddle
