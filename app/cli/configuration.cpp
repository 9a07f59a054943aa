// SPDX-License-Identifier: Apache-2.0
#include "app/cli/configuration.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string_view>
#include <vector>

#include "app/config/load_config.hpp"
#include "app/config/wrong_use.hpp"

namespace heddle {

namespace {

std::vector<std::string> names_of_environment() {
    std::vector<std::string> names;
    for (char** entry = environ; entry && *entry; ++entry) {
        const std::string_view text = *entry;
        names.emplace_back(text.substr(0, text.find('=')));
    }
    return names;
}

}  // namespace

Config read_configuration(const GlobalArguments& global) {
    LoadedConfig loaded = load_config(
        global.config,
        [](const char* name) -> const char* { return std::getenv(name); },
        names_of_environment());
    if (loaded.config) return std::move(*loaded.config);
    std::string all;
    for (const ConfigProblem& problem : loaded.problems) all += (all.empty() ? "" : "\n") + problem.message;
    throw WrongUse(all);
}

void refuse_json(const GlobalArguments& global, const std::string& verb) {
    if (global.json) throw WrongUse("--json: `heddle " + verb + "` does not print JSON");
}

void refuse_try(const GlobalArguments& global, const std::string& verb) {
    if (global.try_repository)
        throw WrongUse("--try: `heddle " + verb + "` does not look into the database of a try");
}

}  // namespace heddle
