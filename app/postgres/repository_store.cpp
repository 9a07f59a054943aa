// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/repository_store.hpp"

#include <stdexcept>

namespace heddle {
namespace {

/// Part of a statement: keeps the name $3 for the token $7 where it is another one than before, of the
/// repository that `repository` selects the id of. Who repeats a name writes nothing and waits for nobody.
std::string keep_name(const std::string& repository) {
    return R"sql(named AS (
            INSERT INTO repository_names (token_id, repository_id, full_name)
            SELECT $7::bigint, id, $3 FROM )sql" +
           repository + R"sql( told
            WHERE $7::bigint IS NOT NULL
              AND NOT EXISTS (SELECT FROM repository_names n
                              WHERE n.token_id = $7 AND n.repository_id = told.id AND n.full_name = $3)
            ON CONFLICT ON CONSTRAINT one_name_per_token DO UPDATE SET full_name = excluded.full_name))sql";
}

}  // namespace

std::int64_t ensure_forge(pqxx::transaction_base& tx, const std::string& name, const std::string& kind) {
    // The empty update returns the row that was there.
    static const std::string kEnsureForge = R"sql(
        INSERT INTO forges (name, kind) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET name = excluded.name
        RETURNING id, kind)sql";
    const pqxx::row row = tx.exec_params1(kEnsureForge, name, kind);
    if (row["kind"].as<std::string>() != kind)
        throw std::logic_error("forge " + name + " is of kind " + row["kind"].as<std::string>() + ", not " +
                               kind);
    return row["id"].as<std::int64_t>();
}

std::int64_t ensure_repository(pqxx::transaction_base& tx,
                               std::int64_t forge_id,
                               const NewRepository& repository) {
    // Nothing is written where nothing changed: runs of one repository must not wait for each other's commit.
    static const std::string kEnsureRepository =
        R"sql(
        WITH known AS (SELECT id FROM repositories
                       WHERE forge_id = $1 AND identity = $2 AND full_name = $3 AND clone_url = $4 AND web_url = $5
                         AND public = $6),
             written AS (INSERT INTO repositories (forge_id, identity, full_name, clone_url, web_url, public)
                         SELECT $1, $2, $3, $4, $5, $6 WHERE NOT EXISTS (SELECT FROM known)
                         ON CONFLICT ON CONSTRAINT one_repository_per_identity
                         DO UPDATE SET full_name = excluded.full_name, clone_url = excluded.clone_url,
                                       web_url = excluded.web_url, public = excluded.public
                         RETURNING id),
             found AS (SELECT id FROM known UNION ALL SELECT id FROM written),)sql" +
        keep_name("found") + " SELECT id FROM found";
    return tx
        .exec_params1(kEnsureRepository,
                      forge_id,
                      repository.identity,
                      repository.full_name,
                      repository.clone_url,
                      repository.web_url,
                      repository.is_public,
                      repository.told_by)[0]
        .as<std::int64_t>();
}

void refresh_repository(pqxx::transaction_base& tx, std::int64_t forge_id, const NewRepository& repository) {
    // Nothing is written where nothing changed, as above.
    static const std::string kRefresh =
        "WITH " + keep_name("(SELECT id FROM repositories WHERE forge_id = $1 AND identity = $2)") + R"sql(
        UPDATE repositories SET full_name = $3, clone_url = coalesce(nullif($4, ''), clone_url),
                                web_url = coalesce(nullif($5, ''), web_url), public = $6
        WHERE forge_id = $1 AND identity = $2
          AND (full_name <> $3 OR $4 NOT IN ('', clone_url) OR $5 NOT IN ('', web_url) OR public <> $6))sql";
    tx.exec_params0(kRefresh,
                    forge_id,
                    repository.identity,
                    repository.full_name,
                    repository.clone_url,
                    repository.web_url,
                    repository.is_public,
                    repository.told_by);
}

}  // namespace heddle
