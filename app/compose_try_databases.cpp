// SPDX-License-Identifier: Apache-2.0
#include "app/compose_try_databases.hpp"

#include <filesystem>
#include <system_error>

#include "app/forges/git/repository_access.hpp"
#include "app/postgres/database_trouble.hpp"
#include "app/postgres/try_databases.hpp"

namespace heddle {
namespace {

namespace fs = std::filesystem;
using std::chrono::system_clock;

/// Why it is of no use any more, in brackets; empty: it stays.
std::string why_dropped(const IdleTryDatabase& database,
                        const fs::path& repository,
                        const RetentionConfig& retention) {
    std::error_code error;
    // A folder that can't be looked at may be there.
    if (fs::status(repository, error).type() == fs::file_type::not_found) return " (which is gone)";
    if (system_clock::now() - database.used <= retention.runs) return {};
    return " (not tried for " + std::to_string(retention.runs.count() / 24) + " days)";
}

std::string drop_useless(pqxx::connection& connection, const RetentionConfig& retention) {
    std::string dropped;
    for (const IdleTryDatabase& database : idle_try_databases(connection)) {
        const fs::path repository = local_path(database.repository, "read the mark of " + database.name);
        const std::string why = why_dropped(database, repository, retention);
        if (why.empty() || !drop_try_database(connection, database.name)) continue;
        dropped += (dropped.empty() ? "" : ", ") + repository.string() + why;
    }
    return dropped.empty() ? "" : "dropped the databases of earlier tries of " + dropped;
}

}  // namespace

std::string tidy_try_databases(OpenDatabase& database,
                               const LocalRepository& repository,
                               const RetentionConfig& retention) {
    const Pool::Lease lease = database.pool->acquire();
    mark_try_database(*lease, repository.url);
    std::string told;
    if (database.tries->try_take()) {
        try {
            told = drop_useless(*lease, retention);
        } catch (const std::exception& error) {
            told = std::string("a database of an earlier try stays: ") + in_one_sentence(error);
        }
    }
    database.tries->share();
    return told;
}

}  // namespace heddle
