// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/run_evidence_store.hpp"

#include "app/postgres/pool.hpp"

namespace heddle {
namespace {

// As match_revisions in package_revision_store: by the revision that the run's own write made; a rebuild owns
// what had not begun when it was asked for. Equal sources need no new build, whatever their number.
const std::string kBuildsOfRun = R"sql(
    SELECT DISTINCT ON (p.name, k.name, b.repository, b.architecture)
           b.id, p.name AS project, k.name AS package, b.repository, b.architecture, b.state, b.details,
           EXISTS (SELECT 1 FROM bs_log_chunks c WHERE c.build_id = b.id) AS has_log,
           to_char(b.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS started,
           to_char(b.ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS ended
    FROM bs_builds b
    JOIN bs_packages k ON k.id = b.package_id
    JOIN bs_projects p ON p.id = k.project_id
    WHERE b.id IN (
        SELECT b.id FROM package_revisions r
        JOIN bs_projects p ON p.name = r.project
        JOIN bs_packages k ON k.project_id = p.id AND k.name = r.package
        JOIN bs_revisions v ON v.package_id = k.id
        JOIN bs_builds b ON b.revision_id = v.id
        WHERE r.run_id = $1 AND r.completed_at IS NOT NULL
          AND (v.rev::text = r.rev OR v.srcmd5 = r.srcmd5
               OR (r.kind = 'rebuild' AND r.rev IS NULL AND r.srcmd5 IS NULL))
          AND (r.kind = 'source' OR coalesce(b.started_at, b.ended_at, 'infinity') >= r.requested_at)) )sql";

BuildOfRun read_build(const pqxx::row& row) {
    return {row["id"].as<std::int64_t>(),
            row["project"].as<std::string>(),
            row["package"].as<std::string>(),
            row["repository"].as<std::string>(),
            row["architecture"].as<std::string>(),
            row["state"].as<std::string>(),
            row["details"].as<std::string>(),
            row["has_log"].as<bool>(),
            nullable<std::string>(row["started"]).value_or(""),
            nullable<std::string>(row["ended"]).value_or("")};
}

}  // namespace

std::vector<RunDelivery> deliveries_of_run(pqxx::transaction_base& tx, std::int64_t run_id, int limit) {
    static const std::string kDeliveries = R"sql(
        WITH first AS (SELECT id FROM deliveries WHERE run_id = $1 AND verdict = 'accepted')
        SELECT id, event_name, delivery_id, verdict, reason,
               to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS received
        FROM deliveries
        WHERE id IN (SELECT id FROM first UNION ALL
                     SELECT id FROM deliveries WHERE duplicate_of IN (SELECT id FROM first))
        ORDER BY id LIMIT $2)sql";
    std::vector<RunDelivery> deliveries;
    for (const pqxx::row& row : tx.exec_params(kDeliveries, run_id, limit))
        deliveries.push_back({row["id"].as<std::int64_t>(),
                              row["event_name"].as<std::string>(),
                              nullable<std::string>(row["delivery_id"]).value_or(""),
                              row["verdict"].as<std::string>(),
                              row["reason"].as<std::string>(),
                              row["received"].as<std::string>()});
    return deliveries;
}

std::string forge_web_url(pqxx::transaction_base& tx, std::int64_t run_id) {
    static const std::string kWebUrl = R"sql(
        SELECT forges.web_url FROM workflow_runs r
        JOIN repositories p ON p.id = r.repository_id
        JOIN forges ON forges.id = p.forge_id WHERE r.id = $1)sql";
    return tx.exec_params1(kWebUrl, run_id)[0].as<std::string>();
}

std::vector<BuildOfRun> newest_builds_for_run(pqxx::transaction_base& tx, std::int64_t run_id, int limit) {
    static const std::string kNewestBuilds =
        kBuildsOfRun + "ORDER BY p.name, k.name, b.repository, b.architecture, b.id DESC LIMIT $2";
    std::vector<BuildOfRun> builds;
    for (const pqxx::row& row : tx.exec_params(kNewestBuilds, run_id, limit))
        builds.push_back(read_build(row));
    return builds;
}

std::optional<BuildOfRun> find_build_for_run(pqxx::transaction_base& tx,
                                             std::int64_t run_id,
                                             std::int64_t build_id) {
    static const std::string kFindBuild = kBuildsOfRun + "AND b.id = $2";
    const pqxx::result rows = tx.exec_params(kFindBuild, run_id, build_id);
    if (rows.empty()) return std::nullopt;
    return read_build(rows[0]);
}

}  // namespace heddle
