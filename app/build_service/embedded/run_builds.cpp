// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/run_builds.hpp"

namespace heddle {

std::vector<TriedBuild> builds_of_run(pqxx::transaction_base& tx, std::int64_t run_id, int attempt) {
    // A rebuild makes no revision of its own: a build answers it unless it began before (design 4.4), whoever
    // had it scheduled.
    // A tag's run hears of no builds, so nothing recorded its revisions: there the newest build of each
    // package that a step has touched is meant (for a rebuild, unless that began before).
    static const std::string kBuildsOfRun = R"sql(
        WITH asked AS (
            SELECT b.id
            FROM package_revisions r
            JOIN bs_projects p ON p.name = r.project AND p.deleted_at IS NULL
            JOIN bs_packages k ON k.project_id = p.id AND k.name = r.package
            JOIN bs_revisions s ON s.package_id = k.id AND s.rev::text = r.rev
            JOIN bs_builds b ON b.revision_id = s.id
             AND (r.kind = 'source' OR coalesce(b.started_at, b.ended_at, 'infinity') >= r.requested_at)
            WHERE r.run_id = $1 AND r.attempt = $2
            UNION
            SELECT b.id
            FROM run_steps t
            JOIN workflow_runs w ON w.id = t.run_id AND w.event->>'class' = 'tag_push'
            JOIN bs_projects p ON p.name = coalesce(t.artifacts->>'target_project', t.artifacts->>'project')
             AND p.deleted_at IS NULL
            JOIN bs_packages k ON k.project_id = p.id
             AND k.name = coalesce(t.artifacts->>'target_package', t.artifacts->>'package')
            JOIN bs_builds b ON b.package_id = k.id
             AND (t.step <> 'rebuild_package' OR coalesce(b.started_at, b.ended_at, 'infinity') >= t.started_at)
             AND NOT EXISTS (SELECT FROM bs_builds newer
                             WHERE newer.package_id = b.package_id AND newer.repository = b.repository
                               AND newer.architecture = b.architecture AND newer.id > b.id)
            WHERE t.run_id = $1 AND t.attempt = $2 AND t.status = 'done')
        SELECT b.id, p.name AS project, k.name AS package, b.repository, b.architecture, b.state,
               b.details, b.tries,
               coalesce(extract(epoch FROM coalesce(b.ended_at, clock_timestamp()) - b.started_at), 0) AS seconds,
               EXISTS (SELECT FROM bs_builds newer
                       WHERE newer.package_id = b.package_id AND newer.repository = b.repository
                         AND newer.architecture = b.architecture AND newer.id > b.id) AS replaced
        FROM asked
        JOIN bs_builds b ON b.id = asked.id
        JOIN bs_packages k ON k.id = b.package_id
        JOIN bs_projects p ON p.id = k.project_id
        ORDER BY b.id)sql";
    std::vector<TriedBuild> builds;
    for (const auto& row : tx.exec_params(kBuildsOfRun, run_id, attempt))
        builds.push_back({row["id"].as<std::int64_t>(),
                          row["project"].as<std::string>(),
                          row["package"].as<std::string>(),
                          row["repository"].as<std::string>(),
                          row["architecture"].as<std::string>(),
                          row["state"].as<std::string>(),
                          row["details"].as<std::string>(),
                          row["tries"].as<int>(),
                          row["seconds"].as<double>(),
                          row["replaced"].as<bool>()});
    return builds;
}

}  // namespace heddle
