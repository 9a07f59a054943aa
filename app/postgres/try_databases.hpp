// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <pqxx/pqxx>
#include <string>
#include <vector>

namespace heddle {

/// Begins the name of each database that `heddle try` makes.
inline constexpr const char* kTryDatabasePrefix = "heddle_try_";

/// A database of `heddle try` that nobody is connected to.
struct IdleTryDatabase {
    std::string name;
    std::string repository;  // URL, as it was marked
    std::chrono::system_clock::time_point used;
};

/// Notes in the server's catalogue that the connection's own database is used now, for that repository's URL.
void mark_try_database(pqxx::connection& connection, const std::string& repository);

/// The marked databases of the server but for the connection's own. One without a mark is just being made.
std::vector<IdleTryDatabase> idle_try_databases(pqxx::connection& connection);

/// False: somebody has connected to it, it stays.
bool drop_try_database(pqxx::connection& connection, const std::string& name);

}  // namespace heddle
