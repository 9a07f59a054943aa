// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/configuration.hpp"
#include "app/cli/verbs.hpp"
#include "app/postgres/migrate.hpp"

namespace heddle {

int run_version(const GlobalArguments& global, const VersionArguments&) {
    refuse_try(global, "version");
    if (global.json)
        std::cout
            << nlohmann::json{{"version", HEDDLE_VERSION}, {"schema", migrations().back().number}}.dump()
            << '\n';
    else
        std::cout << "heddle " HEDDLE_VERSION << '\n';
    return 0;
}

}  // namespace heddle
