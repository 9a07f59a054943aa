// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pqxx/pqxx>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace heddle {

/// One file of migrations/, built into the program.
struct Migration {
    int number;
    std::string_view name;  // "0001_create_users.sql"
    std::string_view sql;
    std::string_view checksum;  // SHA-256 of sql, hex
};

/// All migrations in order (generated from migrations/ at build time).
const std::vector<Migration>& migrations();

/// The database was made by a newer Heddle, or an applied migration is not the one that this program has.
struct SchemaError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Applies what is missing, each migration in a transaction of its own, under an advisory lock so that
/// several processes may start at once. Returns the names of what was applied. Throws SchemaError.
std::vector<std::string> migrate(pqxx::connection& connection);
/// The same with another list of migrations.
std::vector<std::string> migrate(pqxx::connection& connection, const std::vector<Migration>& known);

/// Throws SchemaError unless exactly the program's migrations are applied.
void check_schema(pqxx::connection& connection);

}  // namespace heddle
