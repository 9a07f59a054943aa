// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "app/cli/arguments.hpp"
#include "app/postgres/project_grant_store.hpp"

namespace CLI {
class App;
}

namespace heddle {

/// The options --grant-project and --revoke-project of a verb.
void add_grant_options(CLI::App* verb, GrantArguments& grants);

/// "may change home:ann", "may not change home:ann any more", for the audit log; empty: all was so already.
/// Throws WrongUse for what is no name of a project, and for a grant to revoke that `who` does not have.
std::string change_grants(pqxx::transaction_base& tx,
                          const GrantHolder& holder,
                          const std::string& who,
                          const GrantArguments& grants);

}  // namespace heddle
