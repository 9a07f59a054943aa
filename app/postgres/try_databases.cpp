// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/try_databases.hpp"

#include <cstdlib>

namespace heddle {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;

}  // namespace

void mark_try_database(pqxx::connection& connection, const std::string& repository) {
    const auto now = std::chrono::duration_cast<seconds>(system_clock::now().time_since_epoch());
    pqxx::work tx(connection);
    const std::string mark = std::to_string(now.count()) + " " + repository;
    tx.exec("COMMENT ON DATABASE " + tx.quote_name(connection.dbname()) + " IS " + tx.quote(mark));
    tx.commit();
}

std::vector<IdleTryDatabase> idle_try_databases(pqxx::connection& connection) {
    static const std::string kIdle = R"sql(
        SELECT d.datname, shobj_description(d.oid, 'pg_database') AS mark
        FROM pg_database d
        WHERE starts_with(d.datname, $1) AND d.datname <> current_database()
          AND shobj_description(d.oid, 'pg_database') IS NOT NULL
          AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)
        ORDER BY d.datname)sql";
    std::vector<IdleTryDatabase> idle;
    pqxx::work tx(connection);
    for (const auto& row : tx.exec_params(kIdle, kTryDatabasePrefix)) {
        const std::string mark = row["mark"].c_str();
        const auto space = mark.find(' ');
        if (space == std::string::npos) continue;  // not ours
        idle.push_back({row["datname"].c_str(),
                        mark.substr(space + 1),
                        system_clock::time_point(seconds(std::atoll(mark.c_str())))});
    }
    return idle;
}

bool drop_try_database(pqxx::connection& connection, const std::string& name) {
    try {
        pqxx::nontransaction tx(connection);
        tx.exec("DROP DATABASE IF EXISTS " + tx.quote_name(name));
        return true;
    } catch (const pqxx::sql_error& error) {
        if (error.sqlstate() != "55006") throw;  // object_in_use
        return false;
    }
}

}  // namespace heddle
