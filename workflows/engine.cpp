// SPDX-License-Identifier: Apache-2.0
#include "workflows/engine.hpp"

#include <algorithm>

#include "workflows/definition/definition.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/scm_event.hpp"
#include "workflows/model/wording.hpp"
#include "workflows/plan.hpp"
#include "workflows/steps/pull_request_project.hpp"
#include "workflows/steps/step.hpp"

namespace heddle {
namespace {

std::string count_of(std::size_t count, const std::string& noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string describe_problems(const Problems& problems) {
    const Problem& first = problems.front();
    std::string message = "line " + std::to_string(first.line) + ": " + first.message;
    if (problems.size() > 1) message += " (and " + count_of(problems.size() - 1, "more problem") + ")";
    return message;
}

/// Why nothing happened, by the filter that decided.
std::string describe_no_match(const Plan& plan) {
    if (plan.workflows.empty()) return "the file has no workflows";
    const PlannedWorkflow& first = plan.workflows.front();
    const std::string reason = quoted(first.name) + ": " + first.because;
    if (plan.workflows.size() == 1) return "no workflow matched; " + reason;
    return "none of " + count_of(plan.workflows.size(), "workflow") + " matched; the first, " + reason;
}

/// Executes the steps of the matching workflows in order, up to the first that fails.
class Execution {
public:
    Execution(const ScmEvent& event,
              BuildService& builds,
              RunLog& log,
              const std::string& run,
              const std::string& token_label,
              const std::vector<std::string>& deleted)
        : event_(event),
          builds_(builds),
          log_(log),
          run_(run),
          token_label_(token_label),
          deleted_(deleted) {}

    /// False: a step failed, and the report says which.
    bool execute(const Workflow& workflow, int first_index) {
        int index = first_index;
        for (const DefinedStep& defined : workflow.steps)
            if (!execute(defined, {workflow.name, index++, defined.name, defined.line})) return false;
        ++workflows_;
        return true;
    }

    RunReport finish(const Plan& plan) {
        if (!report_.ok) return report_;
        if (workflows_ == 0)
            report_.message = describe_no_match(plan);
        else
            report_.message = count_of(steps_, "step") + " of " + count_of(workflows_, "workflow") + " done";
        return report_;
    }

private:
    bool execute(const DefinedStep& defined, const StepPlace& place) {
        log_.step_started(place);
        try {
            const StepOutcome outcome =
                defined.step->run({event_, place, builds_, log_, run_, token_label_, deleted_});
            log_.step_finished(place, outcome);
            remember(outcome);
            ++steps_;
            return true;
        } catch (const RemoteError& error) {
            if (error.kind == RemoteError::Kind::Retry) throw;
            log_.step_failed(place, error.what());
            report_.ok = false;
            report_.message = "workflow " + quoted(place.workflow) + ", line " + std::to_string(place.line) +
                              ": " + place.step + ": " + error.what();
            return false;
        }
    }

    void remember(const StepOutcome& outcome) {
        auto& subscribed = report_.subscribed;
        for (const TouchedPackage& touched : outcome.touched)
            if (std::find(subscribed.begin(), subscribed.end(), touched.package) == subscribed.end())
                subscribed.push_back(touched.package);
    }

    const ScmEvent& event_;
    BuildService& builds_;
    RunLog& log_;
    const std::string& run_;
    const std::string& token_label_;
    const std::vector<std::string>& deleted_;
    RunReport report_;
    std::size_t workflows_ = 0;
    std::size_t steps_ = 0;
};

}  // namespace

std::vector<std::string> delete_projects_of_closed(const ScmEvent& event, BuildService& builds, RunLog& log) {
    if (!is_closing(event)) return {};
    std::vector<std::string> deleted;
    for (const std::string& project : log.owned_projects())
        if (delete_owned_project(event, builds, log, project)) deleted.push_back(project);
    return deleted;
}

RunReport run_workflows(const ScmEvent& event,
                        const Definition& definition,
                        BuildService& builds,
                        RunLog& log,
                        const std::string& run,
                        const std::string& token_label,
                        const std::vector<std::string>& deleted) {
    const Plan plan = make_plan(definition, event);
    if (!plan.problems.empty()) return {false, describe_problems(plan.problems), plan.problems, {}};
    Execution execution(event, builds, log, run, token_label, deleted);
    int index = 0;  // of steps over the whole file, also of workflows that do not run
    for (std::size_t at = 0; at < definition.workflows.size(); ++at) {
        const Workflow& workflow = definition.workflows[at];
        if (plan.workflows[at].runs && !execution.execute(workflow, index)) break;
        index += static_cast<int>(workflow.steps.size());
    }
    return execution.finish(plan);
}

}  // namespace heddle
