// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/health.hpp"

#include "app/postgres/database_trouble.hpp"
#include "app/postgres/metrics_store.hpp"
#include "app/postgres/migrate.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {
namespace {

/// Throws where the server's disk is full. What a query can't hold in its memory goes into a temporary file,
/// some two megabytes here: no table, no log, and nothing that has to be cleaned up (PostgreSQL, "work_mem").
void write_something(pqxx::connection& connection) {
    static const std::string kLittleMemory = "SET work_mem = '64kB'";
    static const std::string kSpill = "SELECT count(*) FROM generate_series(1, 60000)";
    pqxx::nontransaction tx(connection);
    tx.exec0(kLittleMemory);
    tx.exec1(kSpill);
}

}  // namespace

std::string why_not_ready(const std::string& database_url) {
    const auto connection = open_connection(database_url);
    try {
        check_schema(*connection);
        write_something(*connection);
    } catch (const SchemaError& error) {
        return error.what();
    } catch (const pqxx::sql_error& error) {
        if (!is_disk_full(error)) throw;
        return in_one_sentence(error);
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
