// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "workflows/definition/definition.hpp"
#include "workflows/definition/findings.hpp"

namespace heddle {

/// The steps under the key `steps`, in order. What is wrong with them is added to the findings.
std::vector<DefinedStep> parse_steps(const DefinitionNode& key,
                                     const DefinitionNode& steps,
                                     Findings& findings);

}  // namespace heddle
