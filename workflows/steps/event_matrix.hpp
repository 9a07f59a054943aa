// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "workflows/model/scm_event.hpp"
#include "workflows/model/step_outcome.hpp"
#include "workflows/steps/step.hpp"

namespace heddle {

/// What a step that makes a package (branch_package, link_package) does for an event (reference 6.2).
StepPlan::Action package_action(const ScmEvent& event);

/// The plan of such a step for its one target: BASE `base` and NAME `name` of reference 6.1.
StepPlan plan_package(const std::string& base, const std::string& name, int line, const ScmEvent& event);

/// Does a step that works on what exists already (configure, set flags, rebuild, run services) act at all?
bool acts_on_existing(const ScmEvent& event);

/// What a step does that `makes` something for what is there to be built, and `ends` it with the pull request
/// or its label.
StepPlan::Action action_of(const ScmEvent& event, StepPlan::Action makes, StepPlan::Action ends);

/// May results be promised to the event's commit? Not for tags: nobody reads statuses there (reference 6.2).
bool promises_results(const ScmEvent& event);

/// The outcome of a step that has nothing to do for an event.
StepOutcome nothing_to_do(const ScmEvent& event);

}  // namespace heddle
