// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/migrate.hpp"

#include <algorithm>

namespace heddle {
namespace {

struct Applied {
    int number;
    std::string name;
    std::string checksum;
};

/// Holds the lock that lets one process migrate at a time. It belongs to the session: gone with it.
class MigrationLock {
public:
    explicit MigrationLock(pqxx::connection& connection) : connection_(connection) {
        pqxx::nontransaction(connection_).exec("SELECT pg_advisory_lock(" + kLock + ")");
    }
    ~MigrationLock() {
        try {
            pqxx::nontransaction(connection_).exec("SELECT pg_advisory_unlock(" + kLock + ")");
        } catch (const pqxx::failure&) {
            // The session is gone, and the lock with it.
        }
    }
    MigrationLock(const MigrationLock&) = delete;
    MigrationLock& operator=(const MigrationLock&) = delete;

private:
    inline static const std::string kLock = "114784820031589";  // "heddle" as a number
    pqxx::connection& connection_;
};

bool has_table(pqxx::transaction_base& tx) {
    static const std::string kHasTable = "SELECT to_regclass('public.schema_migrations') IS NOT NULL";
    return tx.exec1(kHasTable)[0].as<bool>();
}

std::vector<Applied> read_applied(pqxx::transaction_base& tx) {
    static const std::string kReadApplied =
        "SELECT number, name, checksum FROM schema_migrations ORDER BY number";
    std::vector<Applied> applied;
    for (const auto& row : tx.exec(kReadApplied))
        applied.push_back({row[0].as<int>(), row[1].as<std::string>(), row[2].as<std::string>()});
    return applied;
}

// What is applied must be the beginning of what is known.
void check_applied(const std::vector<Applied>& applied, const std::vector<Migration>& known) {
    const int newest = known.empty() ? 0 : known.back().number;
    if (!applied.empty() && applied.back().number > newest)
        throw SchemaError("the database was made by a newer Heddle (it has migration " + applied.back().name +
                          "): install that version");
    for (std::size_t i = 0; i < applied.size(); ++i) {
        if (applied[i].number != known[i].number)
            throw SchemaError(
                "migration " + std::string(known[i].name) +
                " is not applied, but a later one is: the database was not made by this Heddle");
        if (applied[i].checksum != known[i].checksum)
            throw SchemaError("migration " + applied[i].name +
                              " was applied in another wording than this program has: "
                              "the database was not made by this Heddle");
    }
}

void apply(pqxx::connection& connection, const Migration& migration) {
    static const std::string kRecord =
        "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)";
    pqxx::work tx(connection);
    try {
        tx.exec(std::string(migration.sql));
        tx.exec_params0(
            kRecord, migration.number, std::string(migration.name), std::string(migration.checksum));
        tx.commit();
    } catch (const pqxx::sql_error& error) {
        throw SchemaError("migration " + std::string(migration.name) +
                          " can't be applied: " + std::string(error.what()));
    }
}

}  // namespace

std::vector<std::string> migrate(pqxx::connection& connection) { return migrate(connection, migrations()); }

std::vector<std::string> migrate(pqxx::connection& connection, const std::vector<Migration>& known) {
    static const std::string kCreateTable = R"sql(
        CREATE TABLE IF NOT EXISTS schema_migrations (
            number     integer PRIMARY KEY,
            name       text NOT NULL,
            checksum   text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
        ))sql";
    const MigrationLock lock(connection);
    std::vector<Applied> applied;
    {
        pqxx::work tx(connection);
        if (!has_table(tx)) tx.exec(kCreateTable);
        applied = read_applied(tx);
        tx.commit();
    }
    check_applied(applied, known);
    std::vector<std::string> names;
    for (std::size_t i = applied.size(); i < known.size(); ++i) {
        apply(connection, known[i]);
        names.emplace_back(known[i].name);
    }
    return names;
}

void check_schema(pqxx::connection& connection) {
    pqxx::read_transaction tx(connection);
    const auto applied = has_table(tx) ? read_applied(tx) : std::vector<Applied>{};
    const auto& known = migrations();
    check_applied(applied, known);
    if (applied.size() < known.size())
        throw SchemaError("migration " + std::string(known[applied.size()].name) +
                          " is not applied: run `heddle migrate`");
}

}  // namespace heddle
