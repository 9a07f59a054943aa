// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <yaml-cpp/yaml.h>

#include <vector>

#include "app/config/config.hpp"
#include "app/config/placed_problems.hpp"

namespace heddle {

/// The forges of the section `forges`: a list of mappings. What is wrong is added to `problems`, all at once.
std::vector<ForgeConfig> read_forges(const YAML::Node& section, PlacedProblems& problems);

}  // namespace heddle
