// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/package_revision_store.hpp"

#include <stdexcept>

#include "app/postgres/array_text.hpp"
#include "app/postgres/build_event_store.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {
namespace {

std::optional<std::string> or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

/// When the build began, as far as the event tells; rebuilds are judged by it.
std::optional<std::int64_t> began(const BuildEvent& event) {
    if (event.is_last && is_end_without_build(event.type)) return std::nullopt;
    const auto& time = event.started_at ? event.started_at : event.ended_at;
    if (!time) return std::nullopt;
    return time->time_since_epoch().count();
}

std::optional<std::int64_t> ended(const BuildEvent& event) {
    if (!event.ended_at) return std::nullopt;
    return event.ended_at->time_since_epoch().count();
}

/// That a build ended well at some time or other, or that nobody looks there, may be about what was there
/// before; so much time has to pass.
bool is_of_any_sources(const BuildEvent& event) {
    return event.is_last && !event.started_at && !event.ended_at &&
           (event.type == BuildEventType::BuildSuccess || event.type == BuildEventType::BuildWithdrawn);
}

/// What can't be built as it is: also the end of a commit that the build service never came to fetch.
bool is_for_unfetched(const BuildEvent& event) {
    return event.is_last && event.type == BuildEventType::BuildBroken;
}

/// Of revision r and the build that began at $5 and ended at $6 (microseconds, or null).
const std::string kBegan = R"sql(
    coalesce(timestamptz 'epoch' + $5::bigint * interval '1 microsecond'
             >= CASE WHEN $5::bigint % 1000000 = 0 THEN date_trunc('second', r.requested_at) ELSE r.requested_at END,
             true))sql";
const std::string kWentOn = R"sql(
    coalesce(timestamptz 'epoch' + $6::bigint * interval '1 microsecond' >= date_trunc('second', r.requested_at),
             false))sql";

PackageRevision read_revision(const pqxx::row& row) {
    PackageRevision revision;
    revision.id = row["id"].as<std::int64_t>();
    revision.run_id = row["run_id"].as<std::int64_t>();
    revision.attempt = row["attempt"].as<int>();
    revision.token_id = row["token_id"].as<std::int64_t>();
    revision.repository_id = row["repository_id"].as<std::int64_t>();
    revision.forge_id = row["forge_id"].as<std::int64_t>();
    revision.package = {row["project"].as<std::string>(), row["package"].as<std::string>()};
    revision.commit_sha = row["commit_sha"].as<std::string>();
    revision.revision = {nullable<std::string>(row["rev"]).value_or(""),
                         nullable<std::string>(row["srcmd5"]).value_or("")};
    revision.rebuild = row["kind"].as<std::string>() == "rebuild";
    revision.complete = !row["completed_at"].is_null();
    revision.posted_to = row["posted_to"].as<std::string>();
    revision.posted_to_name = row["posted_to_name"].as<std::string>();
    return revision;
}

std::vector<PackageRevision> read_revisions(const pqxx::result& rows) {
    std::vector<PackageRevision> revisions;
    for (const pqxx::row& row : rows) revisions.push_back(read_revision(row));
    return revisions;
}

}  // namespace

void expect_revision(pqxx::transaction_base& tx, const RevisionPlace& place, bool rebuild) {
    static const std::string kExpect = R"sql(
        INSERT INTO package_revisions (run_id, token_id, attempt, step_index, project, package, commit_sha, kind)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT ON CONSTRAINT one_revision_per_step DO NOTHING)sql";
    if (rebuild) forget_revision(tx, place);
    tx.exec_params0(kExpect,
                    place.run_id,
                    place.token_id,
                    place.attempt,
                    place.step_index,
                    place.package.project,
                    place.package.package,
                    place.commit_sha,
                    std::string(rebuild ? "rebuild" : "source"));
}

std::int64_t complete_revision(pqxx::transaction_base& tx,
                               const RevisionPlace& place,
                               const SourceRevision& revision) {
    static const std::string kComplete = R"sql(
        UPDATE package_revisions SET
            rev = $6, srcmd5 = $7, completed_at = clock_timestamp(),
            missed_at = CASE WHEN kind = 'source' AND coalesce($6, $7) IS NULL THEN clock_timestamp() END
        WHERE run_id = $1 AND attempt = $2 AND step_index = $3 AND project = $4 AND package = $5
        RETURNING id)sql";
    const pqxx::result rows = tx.exec_params(kComplete,
                                             place.run_id,
                                             place.attempt,
                                             place.step_index,
                                             place.package.project,
                                             place.package.package,
                                             or_null(revision.rev),
                                             or_null(revision.srcmd5));
    if (rows.empty())
        throw std::logic_error("step " + std::to_string(place.step_index) + " of run " +
                               std::to_string(place.run_id) + " did not subscribe to " +
                               to_string(place.package));
    return rows[0][0].as<std::int64_t>();
}

void forget_revision(pqxx::transaction_base& tx, const RevisionPlace& place) {
    static const std::string kForget = R"sql(
        DELETE FROM package_revisions
        WHERE run_id = $1 AND attempt = $2 AND step_index = $3 AND project = $4 AND package = $5)sql";
    tx.exec_params0(
        kForget, place.run_id, place.attempt, place.step_index, place.package.project, place.package.package);
}

std::vector<PackageRef> forget_unanswered(pqxx::transaction_base& tx, std::int64_t run_id) {
    static const std::string kForgetUnanswered = R"sql(
        WITH gone AS (DELETE FROM package_revisions WHERE run_id = $1 AND completed_at IS NULL
                      RETURNING project, package)
        SELECT DISTINCT project COLLATE "C", package COLLATE "C" FROM gone ORDER BY 1, 2)sql";
    std::vector<PackageRef> packages;
    for (const pqxx::row& row : tx.exec_params(kForgetUnanswered, run_id))
        packages.push_back({row[0].as<std::string>(), row[1].as<std::string>()});
    return packages;
}

std::vector<PackageRevision> match_revisions(pqxx::transaction_base& tx,
                                             const BuildEvent& event,
                                             std::chrono::seconds patience) {
    // rev decides where both sides have one (a content that comes back has the same srcmd5 under another
    // rev); srcmd5 tells apart equal revs of a package that was deleted and made again. A start without a
    // fraction comes from a build service that counts seconds. A rebuild whose answer is still out may own
    // the build.
    static const std::string kMatch = R"sql(
        SELECT m.* FROM (
            SELECT DISTINCT ON (r.token_id) r.*, w.repository_id, p.forge_id,
               coalesce(w.event->>'status_repository_id', w.event->>'status_repository', '') AS posted_to,
               coalesce(w.event->>'status_repository', '') AS posted_to_name,
               (began_after OR (last AND went_on)) AS answered
            FROM package_revisions r
            JOIN workflow_runs w ON w.id = r.run_id
            JOIN repositories p ON p.id = w.repository_id
            CROSS JOIN (SELECT $7::boolean) AS told (last)
            CROSS JOIN LATERAL (SELECT )sql" +
                                      kBegan + R"sql(, )sql" + kWentOn +
                                      R"sql() AS time (began_after, went_on)
            WHERE r.project = $1 AND r.package = $2
              AND CASE WHEN r.completed_at IS NULL THEN r.kind = 'rebuild'
                       WHEN last AND r.srcmd5 = $4 THEN true
                       WHEN $10 AND r.kind = 'source' AND r.rev IS NULL AND r.srcmd5 IS NULL
                            THEN r.completed_at < now() - $8 * interval '1 second'
                       WHEN r.rev IS NOT NULL AND $3 <> '' THEN r.rev = $3
                       WHEN r.srcmd5 IS NOT NULL AND $4 <> '' THEN r.srcmd5 = $4
                       ELSE r.kind = 'rebuild' AND r.rev IS NULL AND r.srcmd5 IS NULL END
              AND (NOT $9 OR r.completed_at < now() - $8 * interval '1 second')
              AND (r.kind = 'source' OR began_after OR (last AND went_on)
                   OR (last AND r.completed_at < now() - $8 * interval '1 second'))
            ORDER BY r.token_id, (r.srcmd5 IS NOT NULL AND r.srcmd5 = $4) DESC, r.id DESC) m
        JOIN event_subscriptions s
          ON s.token_id = m.token_id AND s.project = m.project AND s.package = m.package
         AND s.event_type = 'build_success'
        ORDER BY m.token_id FOR SHARE OF s)sql";
    const PackageRef package = without_flavour(event.package);
    std::vector<PackageRevision> revisions;
    for (const pqxx::row& row : tx.exec_params(kMatch,
                                               package.project,
                                               package.package,
                                               event.revision.rev,
                                               event.revision.srcmd5,
                                               began(event),
                                               ended(event),
                                               event.is_last,
                                               static_cast<std::int64_t>(patience.count()),
                                               is_of_any_sources(event),
                                               is_for_unfetched(event))) {
        revisions.push_back(read_revision(row));
        revisions.back().answered = !revisions.back().rebuild || row["answered"].as<bool>();
    }
    return revisions;
}

bool went_on_at_rebuild(pqxx::transaction_base& tx, const BuildEvent& event) {
    static const std::string kSwallowed = R"sql(
        SELECT EXISTS (
            SELECT 1 FROM package_revisions r
            WHERE r.project = $1 AND r.package = $2 AND r.kind = 'rebuild' AND r.completed_at IS NOT NULL
              AND (r.rev IS NULL OR $3 = '' OR r.rev = $3) AND (r.srcmd5 IS NULL OR $4 = '' OR r.srcmd5 = $4)
              AND NOT )sql" + kBegan + " AND " +
                                          kWentOn + ")";
    const PackageRef package = without_flavour(event.package);
    return tx
        .exec_params1(kSwallowed,
                      package.project,
                      package.package,
                      event.revision.rev,
                      event.revision.srcmd5,
                      began(event),
                      ended(event))[0]
        .as<bool>();
}

std::vector<PackageRevision> listening_revisions(pqxx::transaction_base& tx,
                                                 const std::string& login,
                                                 const std::string& project,
                                                 const std::vector<std::string>& packages) {
    static const std::string kListening = R"sql(
        SELECT m.* FROM (
            SELECT DISTINCT ON (r.token_id, r.package) r.*, w.repository_id, p.forge_id,
                   coalesce(w.event->>'status_repository_id', w.event->>'status_repository', '') AS posted_to,
                   coalesce(w.event->>'status_repository', '') AS posted_to_name
            FROM package_revisions r
            JOIN workflow_runs w ON w.id = r.run_id
            JOIN repositories p ON p.id = w.repository_id
            JOIN tokens t ON t.id = r.token_id
            JOIN users u ON u.id = t.executor_id
            WHERE u.login = $1 AND r.project = $2 AND r.package = ANY ($3::text[]) AND r.completed_at IS NOT NULL
            ORDER BY r.token_id, r.package, r.id DESC) m
        JOIN event_subscriptions s
          ON s.token_id = m.token_id AND s.project = m.project AND s.package = m.package
         AND s.event_type = 'build_success'
        ORDER BY m.project COLLATE "C", m.package COLLATE "C", m.token_id FOR SHARE OF s)sql";
    return read_revisions(tx.exec_params(kListening, login, project, array_text(packages)));
}

bool name_revision(pqxx::transaction_base& tx, std::int64_t id, const SourceRevision& revision) {
    static const std::string kName = R"sql(
        UPDATE package_revisions SET rev = $2, srcmd5 = $3 WHERE id = $1 AND rev IS NULL AND srcmd5 IS NULL)sql";
    return tx.exec_params0(kName, id, or_null(revision.rev), or_null(revision.srcmd5)).affected_rows() == 1;
}

std::vector<PackageRevision> awaited_revisions(pqxx::transaction_base& tx, std::int64_t run_id, int attempt) {
    static const std::string kAwaited = R"sql(
        SELECT DISTINCT ON (r.project COLLATE "C", r.package COLLATE "C") r.*, w.repository_id, p.forge_id,
               coalesce(w.event->>'status_repository_id', w.event->>'status_repository', '') AS posted_to,
               coalesce(w.event->>'status_repository', '') AS posted_to_name
        FROM package_revisions r
        JOIN workflow_runs w ON w.id = r.run_id
        JOIN repositories p ON p.id = w.repository_id
        WHERE r.run_id = $1 AND r.attempt = $2 AND r.completed_at IS NOT NULL
        ORDER BY r.project COLLATE "C", r.package COLLATE "C", r.id DESC)sql";
    return read_revisions(tx.exec_params(kAwaited, run_id, attempt));
}

}  // namespace heddle
