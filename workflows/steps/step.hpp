// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/model/package_ref.hpp"
#include "workflows/model/scm_event.hpp"
#include "workflows/model/step_outcome.hpp"
#include "workflows/ports/build_service.hpp"
#include "workflows/ports/run_log.hpp"

namespace heddle {

/// What a step would do to one target, from event and instructions alone (the event matrix, reference 6.2).
/// Execution follows it: a step that plans Nothing does nothing.
struct StepPlan {
    enum class Action {
        Nothing,
        CreateOrUpdate,
        DeleteProject,
        RestoreProject,
        Configure,
        SetFlags,
        Rebuild,
        RunServices,
        LinkProject,
        UnlinkProject,
        SubmitRequest,
        RevokeRequests,
    };

    Action action = Action::Nothing;
    PackageRef target;        // package empty: the project is meant
    bool subscribes = false;  // build results of the target go to the event's commit
    int line = 0;             // of the instruction
};

/// "nothing", "create or update", "delete project", "restore project", "configure repositories", "set flags",
/// "rebuild", "run services", "link project", "unlink project", "submit request", "revoke requests": the
/// words of `plan` (design 6.2).
std::string_view to_string(StepPlan::Action action);

/// What a step may use while it runs. References live as long as the attempt.
struct StepContext {
    const ScmEvent& event;
    const StepPlace& place;
    BuildService& builds;
    RunLog& log;
    std::string run;                        // marks what is made: "heddle run 12"
    std::string token_label;                // description of the token, for comments; may be empty
    std::vector<std::string> deleted = {};  // projects that this attempt has deleted before its first step
};

/// One step of a workflow with its checked instructions. Immutable.
class Step {
public:
    virtual ~Step() = default;

    /// Pure. One entry per target; in order.
    virtual std::vector<StepPlan> plan(const ScmEvent& event) const = 0;
    /// Does what plan() says, subscribing before it asks. Safe to run again: a retried job repeats steps that
    /// already succeeded. Throws RemoteError.
    virtual StepOutcome run(const StepContext& context) const = 0;
};

}  // namespace heddle
