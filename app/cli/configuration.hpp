// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/cli/arguments.hpp"
#include "app/config/config.hpp"

namespace heddle {

/// The configuration that the options and the environment name. Throws WrongUse with all problems, one per
/// line.
Config read_configuration(const GlobalArguments& global);

/// For a verb whose answer is not told as JSON. Throws WrongUse where --json was given.
void refuse_json(const GlobalArguments& global, const std::string& verb);

/// For a verb that works on no database, or on one of its own. Throws WrongUse where --try was given.
void refuse_try(const GlobalArguments& global, const std::string& verb);

}  // namespace heddle
