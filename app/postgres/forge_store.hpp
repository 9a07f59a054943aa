// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "app/config/config.hpp"

namespace heddle {

struct Forge {
    std::int64_t id = 0;
    ForgeConfig settings;
    bool configured = false;  // from the configuration: only its file changes it
    int tokens = 0;           // how many are made for it
};

/// Brings the forges of the configuration into the database, by name; those that are no longer configured
/// stay, and can be changed. A changed origin locks credentials. Throws WrongUse when one changed its kind:
/// what is known of its repositories would mean others.
void configure_forges(pqxx::transaction_base& tx, const std::vector<ForgeConfig>& forges);

std::optional<Forge> find_forge(pqxx::transaction_base& tx, const std::string& name);
/// By name.
std::vector<Forge> list_forges(pqxx::transaction_base& tx);

/// The id; nothing when the name is taken.
std::optional<std::int64_t> create_forge(pqxx::transaction_base& tx, const ForgeConfig& forge);
/// Sets all but name and kind. A changed origin locks credentials.
void change_forge(pqxx::transaction_base& tx, std::int64_t id, const ForgeConfig& forge);
/// False: tokens are made for it or events came from it, so it stays.
bool delete_forge(pqxx::transaction_base& tx, std::int64_t id);

}  // namespace heddle
