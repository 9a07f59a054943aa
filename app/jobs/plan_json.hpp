// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "workflows/plan.hpp"

namespace heddle {

/// The workflows of a plan as `plan --json` prints them (design 6.2): what a run stores.
std::string workflows_json(const Plan& plan);

}  // namespace heddle
