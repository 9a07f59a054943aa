// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "workflows/definition/findings.hpp"

namespace heddle {

/// Is this a key of the instructions of any step?
bool is_instruction(std::string_view key);

/// Warns of keys that a step does not read: OBS and Heddle ignore them, a slip of the pen changes what a step
/// does without a word.
void warn_of_unread_keys(std::string_view step, const DefinitionNode& instructions, Findings& findings);

}  // namespace heddle
