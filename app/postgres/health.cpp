// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/health.hpp"

#include "app/postgres/metrics_store.hpp"
#include "app/postgres/migrate.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {

std::string why_not_ready(const std::string& database_url) {
    const auto connection = open_connection(database_url);
    try {
        check_schema(*connection);
    } catch (const SchemaError& error) {
        return error.what();
    }
    return {};
}

std::vector<TableCount> count_tables(const std::string& database_url) {
    static const std::string kLimit = "SET statement_timeout = 2000";
    const auto connection = open_connection(database_url);
    pqxx::nontransaction(*connection).exec(kLimit);
    pqxx::read_transaction tx(*connection);
    return count_tables(tx);
}

}  // namespace heddle
