// SPDX-License-Identifier: Apache-2.0
#include "workflows/steps/event_matrix.hpp"

#include <stdexcept>

#include "workflows/steps/target_names.hpp"

namespace heddle {
namespace {

StepPlan::Action pull_request_action(PullRequestKind kind) {
    switch (kind) {
        case PullRequestKind::Opened:
        case PullRequestKind::Updated:
        case PullRequestKind::Labeled: return StepPlan::Action::CreateOrUpdate;
        case PullRequestKind::Reopened: return StepPlan::Action::RestoreProject;
        case PullRequestKind::Closed:
        case PullRequestKind::Merged:
        case PullRequestKind::Unlabeled: return StepPlan::Action::DeleteProject;
    }
    throw std::logic_error("unknown PullRequestKind");
}

}  // namespace

StepPlan::Action package_action(const ScmEvent& event) {
    switch (event.event_class) {
        case EventClass::PullRequest: return pull_request_action(event.kind.value());
        case EventClass::Push:
        case EventClass::TagPush: return StepPlan::Action::CreateOrUpdate;
        case EventClass::Ping:
        case EventClass::Other: return StepPlan::Action::Nothing;
    }
    throw std::logic_error("unknown EventClass");
}

StepPlan plan_package(const std::string& base, const std::string& name, int line, const ScmEvent& event) {
    StepPlan plan{package_action(event), target_of(base, name, event), false, line};
    switch (plan.action) {
        case StepPlan::Action::CreateOrUpdate:
        case StepPlan::Action::RestoreProject: plan.subscribes = promises_results(event); return plan;
        case StepPlan::Action::DeleteProject: plan.target.package.clear(); return plan;
        case StepPlan::Action::Nothing:
        case StepPlan::Action::Configure:
        case StepPlan::Action::SetFlags:
        case StepPlan::Action::Rebuild:
        case StepPlan::Action::RunServices:
        case StepPlan::Action::LinkProject:
        case StepPlan::Action::UnlinkProject:
        case StepPlan::Action::SubmitRequest:
        case StepPlan::Action::RevokeRequests: return plan;
    }
    throw std::logic_error("unknown StepPlan::Action");
}

bool acts_on_existing(const ScmEvent& event) {
    return package_action(event) == StepPlan::Action::CreateOrUpdate;
}

StepPlan::Action action_of(const ScmEvent& event, StepPlan::Action makes, StepPlan::Action ends) {
    const StepPlan::Action action = package_action(event);
    if (action == StepPlan::Action::Nothing) return action;
    return action == StepPlan::Action::DeleteProject ? ends : makes;
}

bool promises_results(const ScmEvent& event) { return event.event_class != EventClass::TagPush; }

StepOutcome nothing_to_do(const ScmEvent& event) {
    StepOutcome outcome;
    outcome.status = StepOutcome::Status::NotApplicable;
    outcome.message = "nothing to do for a " + std::string(to_string(event.event_class)) + " event";
    if (event.kind)
        outcome.message = "nothing to do when a pull request is " + std::string(to_string(*event.kind));
    return outcome;
}

}  // namespace heddle
