// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "app/compose_doctor.hpp"
#include "app/config/config.hpp"
#include "app/postgres/forge_store.hpp"
#include "app/postgres/token_list.hpp"

namespace heddle {

/// Can webhooks come in, and what they ask for go out? Judged from tokens and forges alone.
std::vector<Finding> examine_tokens(const Config& config, const std::vector<ListedToken>& tokens);

/// Is each forge that tokens are made for found by its name? Asks the resolver, two seconds for all of them.
Finding examine_forges(const std::vector<Forge>& forges);

/// Both, from the database.
std::vector<Finding> examine_accounts(const Config& config, pqxx::connection& connection);

}  // namespace heddle
