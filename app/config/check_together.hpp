// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "app/config/load_config.hpp"

namespace heddle {

/// What one key says about another, once all are read: adds the problems, each with the place of a key that
/// was given.
void check_together(const Config& config, std::vector<ConfigProblem>& problems);

}  // namespace heddle
