// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/config/config.hpp"

namespace heddle {

/// A mistake in the configuration, ready to print: "heddle.yml:3:5: unknown key ..." or
/// "HEDDLE_JOBS_RUNNERS: ...".
struct ConfigProblem {
    std::string message;
};

struct LoadedConfig {
    std::optional<Config> config;  // absent when there are problems
    std::vector<ConfigProblem> problems;
};

/// `file` from --config, else $HEDDLE_CONFIG, else /etc/heddle/heddle.yml where it exists, else the defaults;
/// then every key may be set by HEDDLE_SECTION_KEY (design 6.4). All problems at once.
/// `environment` answers as getenv does. `names` are the names of all variables: one that begins with
/// HEDDLE_ and names no key is a problem, as an unknown key of the file is (environment_names.hpp: but for a
/// few).
LoadedConfig load_config(const std::optional<std::string>& file,
                         const std::function<const char*(const char*)>& environment,
                         const std::vector<std::string>& names = {});

}  // namespace heddle
