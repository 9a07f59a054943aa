// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/cli/arguments.hpp"
#include "app/config/config.hpp"

namespace heddle {

/// The configuration that the options and the environment name. Throws WrongUse with all problems, one per
/// line.
Config read_configuration(const GlobalArguments& global);

/// For a verb whose answer is no listing. Throws WrongUse where --json was given.
void refuse_json(const GlobalArguments& global, const std::string& verb);

}  // namespace heddle
