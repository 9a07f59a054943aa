// SPDX-License-Identifier: Apache-2.0
#include "workflows/steps/package_step.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "workflows/steps/event_matrix.hpp"
#include "workflows/steps/pull_request_project.hpp"
#include "workflows/steps/target_names.hpp"

namespace heddle {

PackageStep::PackageStep(Instructions& instructions, int line)
    : source_{instructions.required_name(NameKind::Project, "source_project"),
              instructions.required_name(NameKind::Package, "source_package")},
      base_(instructions.required_name(NameKind::Project, "target_project")),
      name_(instructions.optional_name(NameKind::Package, "target_package")),
      line_(line) {
    if (name_.empty()) name_ = source_.package;
}

std::vector<StepPlan> PackageStep::plan(const ScmEvent& event) const {
    return {plan_package(base_, name_, line_, event)};
}

StepOutcome PackageStep::run(const StepContext& context) const {
    const StepPlan plan = plan_package(base_, name_, line_, context.event);
    switch (plan.action) {
        case StepPlan::Action::CreateOrUpdate: return hold_and_update(context, plan.target);
        case StepPlan::Action::RestoreProject:
            restore_project_of_pull_request(context, plan.target.project);
            return hold_and_update(context, plan.target);
        case StepPlan::Action::DeleteProject:
            return delete_project_of_pull_request(context, plan.target.project);
        case StepPlan::Action::Nothing: return nothing_to_do(context.event);
        case StepPlan::Action::Configure:
        case StepPlan::Action::SetFlags:
        case StepPlan::Action::Rebuild:
        case StepPlan::Action::RunServices:
        case StepPlan::Action::LinkProject:
        case StepPlan::Action::UnlinkProject:
        case StepPlan::Action::SubmitRequest:
        case StepPlan::Action::RevokeRequests: break;
    }
    throw std::logic_error("a package is not made that way");
}

StepOutcome PackageStep::hold_and_update(const StepContext& context, const PackageRef& target) const {
    require_legal(target, context.event);
    const auto hold = context.log.hold(target);
    claim_project(context, target.project);
    return update(context, target);
}

std::string PackageStep::artifacts(const PackageRef& target) const {
    const nlohmann::json artifacts{{"source_project", source_.project},
                                   {"source_package", source_.package},
                                   {"target_project", target.project},
                                   {"target_package", target.package}};
    return artifacts.dump();
}

}  // namespace heddle
