// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "workflows/plan.hpp"

namespace heddle {

/// The workflows of a plan as `plan --json` prints them (design 6.2) and as a run stores them.
std::string workflows_json(const Plan& plan);

/// The event as `plan --json` prints it: to_json() without what only a run needs.
std::string event_json(const ScmEvent& event);

}  // namespace heddle
