// SPDX-License-Identifier: Apache-2.0
#include "app/cli/configuration.hpp"

#include <cstdlib>

#include "app/config/load_config.hpp"
#include "app/config/wrong_use.hpp"

namespace heddle {

Config read_configuration(const GlobalArguments& global) {
    LoadedConfig loaded =
        load_config(global.config, [](const char* name) -> const char* { return std::getenv(name); });
    if (loaded.config) return std::move(*loaded.config);
    std::string all;
    for (const ConfigProblem& problem : loaded.problems) all += (all.empty() ? "" : "\n") + problem.message;
    throw WrongUse(all);
}

}  // namespace heddle
