// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "app/cli/configuration.hpp"
#include "app/cli/verbs.hpp"
#include "app/compose_database.hpp"
#include "app/postgres/migrate.hpp"

namespace heddle {

int run_migrate(const GlobalArguments& global, const MigrateArguments&) {
    refuse_json(global, "migrate");
    const Config config = read_configuration(global);
    const OpenDatabase database = connect_database(config, global.try_repository);
    const Pool::Lease lease = database.pool->acquire();
    const std::vector<std::string> applied = migrate(*lease);
    for (const std::string& name : applied) std::cout << "applied " << name << '\n';
    if (applied.empty()) std::cout << "nothing to apply\n";
    return 0;
}

}  // namespace heddle
