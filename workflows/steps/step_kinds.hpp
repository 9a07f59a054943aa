// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "workflows/model/definition_node.hpp"
#include "workflows/model/problem.hpp"

namespace heddle {

class Step;

/// Is this the name of a step?
bool is_step(std::string_view name);

/// The names of all steps, in the order of the documentation.
std::vector<std::string_view> step_names();

/// Checks the instructions of the step `key` (a scalar node: its place is where a missing key is reported).
/// Returns null, with at least one problem added, when they are wrong. `key.text` must be a known step.
std::shared_ptr<const Step> make_step(const DefinitionNode& key,
                                      const DefinitionNode& instructions,
                                      Problems& problems);

}  // namespace heddle
