// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/schedule_store.hpp"

#include <chrono>
#include <stdexcept>

#include "app/postgres/build_event_store.hpp"
#include "app/postgres/pool.hpp"
#include "workflows/model/build_event.hpp"

namespace heddle {
namespace {

StoredBuild read_build(const pqxx::row& row) {
    StoredBuild build;
    build.id = row["id"].as<std::int64_t>();
    build.revision_id = row["revision_id"].as<std::int64_t>();
    build.source_id = nullable<std::int64_t>(row["source_id"]);
    build.state = row["state"].as<std::string>();
    build.details = row["details"].as<std::string>();
    build.began = row["began"].as<bool>();
    build.stopped = row["stopped"].as<bool>();
    return build;
}

BuildEventType event_type_of(const std::string& state) {
    if (state == "succeeded") return BuildEventType::BuildSuccess;
    if (state == "failed") return BuildEventType::BuildFail;
    if (state == "broken") return BuildEventType::BuildBroken;
    if (state == "unresolvable") return BuildEventType::BuildUnresolvable;
    if (state == "excluded" || state == "disabled") return BuildEventType::BuildExcluded;
    if (state == "withdrawn") return BuildEventType::BuildWithdrawn;
    throw std::logic_error("a build ended in state " + state);
}

std::optional<TimePoint> time_of(const pqxx::field& microseconds) {
    const auto count = nullable<std::int64_t>(microseconds);
    if (!count) return std::nullopt;
    return TimePoint(std::chrono::microseconds(*count));
}

}  // namespace

std::map<BuildPlace, PlaceBuilds> lock_builds(pqxx::transaction_base& tx, std::int64_t package_id) {
    static const std::string kLockActive = R"sql(
        SELECT id, repository, architecture, revision_id, source_id, state, details,
               started_at IS NOT NULL AS began, stop_reason IS NOT NULL AS stopped
        FROM bs_builds WHERE package_id = $1 AND state IN ('scheduled', 'building')
        ORDER BY id FOR UPDATE)sql";
    static const std::string kNewestEnded = R"sql(
        SELECT DISTINCT ON (repository, architecture)
               id, repository, architecture, revision_id, source_id, state, details,
               started_at IS NOT NULL AS began, false AS stopped
        FROM bs_builds
        WHERE package_id = $1 AND state NOT IN ('scheduled', 'building', 'withdrawn')
        ORDER BY repository, architecture, id DESC)sql";
    std::map<BuildPlace, PlaceBuilds> builds;
    const auto at = [&](const pqxx::row& row) -> PlaceBuilds& {
        return builds[{row["repository"].as<std::string>(), row["architecture"].as<std::string>()}];
    };
    for (const auto& row : tx.exec_params(kLockActive, package_id)) {
        const StoredBuild build = read_build(row);
        (build.state == "scheduled" ? at(row).scheduled : at(row).building) = build;
    }
    for (const auto& row : tx.exec_params(kNewestEnded, package_id)) at(row).ended = read_build(row);
    return builds;
}

void insert_scheduled(pqxx::transaction_base& tx, const WantedBuild& build, int delay_ms) {
    static const std::string kInsertScheduled = R"sql(
        INSERT INTO bs_builds (package_id, revision_id, source_id, repository, architecture, not_before)
        VALUES ($1, $2, $3, $4, $5, clock_timestamp() + $6 * interval '1 millisecond'))sql";
    tx.exec_params0(kInsertScheduled,
                    build.package_id,
                    build.revision_id,
                    build.source_id,
                    build.place.repository,
                    build.place.architecture,
                    delay_ms);
}

void insert_ended(pqxx::transaction_base& tx,
                  const WantedBuild& build,
                  const std::string& state,
                  const std::string& details) {
    static const std::string kInsertEnded = R"sql(
        INSERT INTO bs_builds (package_id, revision_id, source_id, repository, architecture, state, details,
                               ended_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp()) RETURNING id)sql";
    const auto id = tx.exec_params1(kInsertEnded,
                                    build.package_id,
                                    build.revision_id,
                                    build.source_id,
                                    build.place.repository,
                                    build.place.architecture,
                                    state,
                                    details)[0]
                        .as<std::int64_t>();
    store_end_event(tx, id, true);
}

void end_scheduled(pqxx::transaction_base& tx,
                   std::int64_t build_id,
                   const std::string& state,
                   const std::string& details) {
    static const std::string kEndScheduled = R"sql(
        UPDATE bs_builds SET state = $2, details = $3, ended_at = clock_timestamp()
        WHERE id = $1 AND state = 'scheduled')sql";
    if (tx.exec_params0(kEndScheduled, build_id, state, details).affected_rows() == 1)
        store_end_event(tx, build_id, state != "withdrawn");
}

void change_sources(pqxx::transaction_base& tx, std::int64_t build_id, std::int64_t source_id) {
    static const std::string kChangeSources =
        "UPDATE bs_builds SET source_id = $2 WHERE id = $1 AND state = 'scheduled'";
    tx.exec_params0(kChangeSources, build_id, source_id);
}

void stop_building(pqxx::transaction_base& tx, std::int64_t build_id, const std::string& reason) {
    static const std::string kStop = R"sql(
        UPDATE bs_builds SET stop_reason = $2
        WHERE id = $1 AND state = 'building' AND stop_reason IS NULL)sql";
    tx.exec_params0(kStop, build_id, reason);
}

void withdraw_builds_of_project(pqxx::transaction_base& tx,
                                std::int64_t project_id,
                                const std::string& reason) {
    static const std::string kLockActive = R"sql(
        SELECT b.id, b.state FROM bs_builds b JOIN bs_packages k ON k.id = b.package_id
        WHERE k.project_id = $1 AND b.state IN ('scheduled', 'building') ORDER BY b.id FOR UPDATE OF b)sql";
    for (const auto& row : tx.exec_params(kLockActive, project_id)) {
        const auto id = row[0].as<std::int64_t>();
        if (row[1].as<std::string>() == "scheduled")
            end_scheduled(tx, id, "withdrawn", reason);
        else
            stop_building(tx, id, reason);
    }
}

BuildEvent end_event(pqxx::transaction_base& tx, std::int64_t build_id, bool judged) {
    static const std::string kEnded = R"sql(
        SELECT p.name AS project, k.name AS package, b.repository, b.architecture, b.state, b.details,
               r.rev, r.srcmd5,
               (extract(epoch FROM b.started_at) * 1000000)::bigint AS started_at,
               (extract(epoch FROM b.ended_at) * 1000000)::bigint AS ended_at
        FROM bs_builds b
        JOIN bs_packages k ON k.id = b.package_id
        JOIN bs_projects p ON p.id = k.project_id
        JOIN bs_revisions r ON r.id = b.revision_id
        WHERE b.id = $1)sql";
    const pqxx::row row = tx.exec_params1(kEnded, build_id);
    BuildEvent event;
    event.id = "build-" + std::to_string(build_id);  // a build ends once
    event.type = event_type_of(row["state"].as<std::string>());
    event.package = {row["project"].as<std::string>(), row["package"].as<std::string>()};
    event.repository = row["repository"].as<std::string>();
    event.architecture = row["architecture"].as<std::string>();
    event.revision = {row["rev"].as<std::string>(), row["srcmd5"].as<std::string>()};
    event.ended_at = time_of(row["ended_at"]);
    event.started_at = time_of(row["started_at"]);
    if (judged && !event.started_at) event.started_at = event.ended_at;
    event.reason = row["details"].as<std::string>();
    if (event.reason.empty() && event.type == BuildEventType::BuildExcluded)
        event.reason = row["state"].as<std::string>();
    return event;
}

void store_end_event(pqxx::transaction_base& tx, std::int64_t build_id, bool judged) {
    store_build_events(tx, "embedded", {end_event(tx, build_id, judged)});
}

}  // namespace heddle
