// SPDX-License-Identifier: Apache-2.0
#include "workflows/steps/step.hpp"

#include <stdexcept>

namespace heddle {

std::string_view to_string(StepPlan::Action action) {
    switch (action) {
        case StepPlan::Action::Nothing: return "nothing";
        case StepPlan::Action::CreateOrUpdate: return "create or update";
        case StepPlan::Action::DeleteProject: return "delete project";
        case StepPlan::Action::RestoreProject: return "restore project";
        case StepPlan::Action::Configure: return "configure repositories";
        case StepPlan::Action::SetFlags: return "set flags";
        case StepPlan::Action::Rebuild: return "rebuild";
        case StepPlan::Action::RunServices: return "run services";
        case StepPlan::Action::LinkProject: return "link project";
        case StepPlan::Action::UnlinkProject: return "unlink project";
        case StepPlan::Action::SubmitRequest: return "submit request";
        case StepPlan::Action::RevokeRequests: return "revoke requests";
    }
    throw std::logic_error("unknown StepPlan::Action");
}

}  // namespace heddle
