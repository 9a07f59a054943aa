// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/build_store.hpp"

#include <algorithm>
#include <stdexcept>

#include "app/build_service/embedded/revision_store.hpp"
#include "app/build_service/embedded/schedule_store.hpp"
#include "app/build_service/embedded/source_url.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {
namespace {

constexpr int kMostTries = 5;

/// Back to the waiting ones - or withdrawn, if nobody wants it or a newer one waits already.
void put_back(pqxx::transaction_base& tx, std::int64_t build_id, int tries) {
    static const std::string kPutBack = R"sql(
        UPDATE bs_builds b
        SET state = 'scheduled', tries = $2, worker_id = NULL, lease_until = NULL, started_at = NULL,
            not_before = clock_timestamp()
        WHERE id = $1 AND state = 'building' AND stop_reason IS NULL
          AND NOT EXISTS (SELECT FROM bs_builds newer
                          WHERE newer.package_id = b.package_id AND newer.repository = b.repository
                            AND newer.architecture = b.architecture AND newer.state = 'scheduled'))sql";
    static const std::string kWithdraw = R"sql(
        UPDATE bs_builds
        SET state = 'withdrawn', details = coalesce(stop_reason, 'replaced by a newer request'),
            worker_id = NULL, lease_until = NULL, ended_at = clock_timestamp()
        WHERE id = $1 AND state = 'building')sql";
    if (tx.exec_params0(kPutBack, build_id, tries).affected_rows() == 1) return;
    tx.exec_params0(kWithdraw, build_id);
    store_end_event(tx, build_id, false);
}

void bury(pqxx::transaction_base& tx, std::int64_t build_id) {
    static const std::string kBury = R"sql(
        UPDATE bs_builds
        SET state = 'failed',
            details = 'begun ' || tries || ' times and never ended: each builder died or lost the database',
            worker_id = NULL, lease_until = NULL, ended_at = clock_timestamp()
        WHERE id = $1 AND state = 'building')sql";
    tx.exec_params0(kBury, build_id);
    store_end_event(tx, build_id, false);
}

ClaimedBuild read_claim(const pqxx::row& row, std::int32_t worker_id) {
    ClaimedBuild build;
    build.id = row["id"].as<std::int64_t>();
    build.tries = row["tries"].as<int>();
    build.worker_id = worker_id;
    build.package = {row["project"].as<std::string>(), row["package"].as<std::string>()};
    build.repository = row["repository"].as<std::string>();
    build.architecture = row["architecture"].as<std::string>();
    build.revision = {row["rev"].as<std::string>(), row["srcmd5"].as<std::string>()};
    return build;
}

/// A link's own files lie over those of the package it links to.
std::vector<SourceFile> laid_over(std::vector<SourceFile> below, const std::vector<SourceFile>& above) {
    for (const SourceFile& file : above) {
        const auto same = std::find_if(
            below.begin(), below.end(), [&](const SourceFile& other) { return other.name == file.name; });
        if (same == below.end())
            below.push_back(file);
        else
            *same = file;
    }
    return below;
}

}  // namespace

std::optional<ClaimedBuild> claim_build(pqxx::transaction_base& tx, std::int32_t worker_id) {
    static const std::string kClaim = R"sql(
        UPDATE bs_builds b
        SET state = 'building', tries = tries + 1, worker_id = $1, started_at = clock_timestamp(),
            lease_until = clock_timestamp() + interval '30 seconds'
        FROM bs_packages k, bs_projects p, bs_revisions r
        WHERE b.id = (SELECT id FROM bs_builds waiting
                      WHERE state = 'scheduled' AND not_before <= clock_timestamp()
                        AND NOT EXISTS (SELECT FROM bs_builds other
                                        WHERE other.package_id = waiting.package_id
                                          AND other.repository = waiting.repository
                                          AND other.architecture = waiting.architecture
                                          AND other.state = 'building')
                      ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
          AND k.id = b.package_id AND p.id = k.project_id AND r.id = b.revision_id
        RETURNING b.id, b.tries, p.name AS project, k.name AS package, b.repository, b.architecture, r.rev,
                  r.srcmd5)sql";
    const pqxx::result rows = tx.exec_params(kClaim, worker_id);
    if (rows.empty()) return std::nullopt;
    return read_claim(rows.front(), worker_id);
}

BuildOrder renew_build(pqxx::transaction_base& tx, const ClaimedBuild& build) {
    static const std::string kRenew = R"sql(
        UPDATE bs_builds SET lease_until = clock_timestamp() + interval '30 seconds'
        WHERE id = $1 AND tries = $2 AND worker_id = $3 AND state = 'building'
        RETURNING stop_reason IS NOT NULL)sql";
    const pqxx::result rows = tx.exec_params(kRenew, build.id, build.tries, build.worker_id);
    if (rows.empty()) return BuildOrder::Lost;
    return rows[0][0].as<bool>() ? BuildOrder::Stop : BuildOrder::GoOn;
}

bool finish_build(pqxx::transaction_base& tx, const ClaimedBuild& build, const BuildEnd& end) {
    static const std::string kFinish = R"sql(
        UPDATE bs_builds
        SET state = CASE WHEN stop_reason IS NULL THEN $4 ELSE 'withdrawn' END,
            details = coalesce(stop_reason, $5), worker_id = NULL, lease_until = NULL,
            ended_at = clock_timestamp()
        WHERE id = $1 AND tries = $2 AND worker_id = $3 AND state = 'building')sql";
    if (end.state == BuildState::Scheduled || end.state == BuildState::Building)
        throw std::logic_error("a build can't end as " + std::string(to_string(end.state)));
    const std::string state = end.not_built ? "withdrawn" : std::string(to_string(end.state));
    const auto rows = tx.exec_params0(kFinish, build.id, build.tries, build.worker_id, state, end.details);
    if (rows.affected_rows() == 0) return false;
    store_end_event(tx, build.id, false);
    return true;
}

bool give_back_build(pqxx::transaction_base& tx, const ClaimedBuild& build) {
    static const std::string kHold = R"sql(
        SELECT FROM bs_builds WHERE id = $1 AND tries = $2 AND worker_id = $3 AND state = 'building'
        FOR UPDATE)sql";
    if (tx.exec_params(kHold, build.id, build.tries, build.worker_id).empty()) return false;
    put_back(tx, build.id, build.tries - 1);
    return true;
}

int rescue_builds(pqxx::transaction_base& tx) {
    static const std::string kOrphans = R"sql(
        SELECT id, tries FROM bs_builds
        WHERE state = 'building'
          AND (lease_until < clock_timestamp()
               OR NOT EXISTS (SELECT FROM pg_locks
                              WHERE locktype = 'advisory' AND classid = 1214599249
                                AND objid = worker_id::bigint::oid AND objsubid = 2 AND granted
                                AND database = (SELECT oid FROM pg_database
                                                WHERE datname = current_database())))
        ORDER BY id FOR UPDATE SKIP LOCKED)sql";
    const pqxx::result rows = tx.exec_params(kOrphans);
    for (const pqxx::row& row : rows) {
        const auto id = row[0].as<std::int64_t>();
        const int tries = row[1].as<int>();
        if (tries >= kMostTries)
            bury(tx, id);
        else
            put_back(tx, id, tries);
    }
    return static_cast<int>(rows.size());
}

BuildSources sources_of_build(pqxx::transaction_base& tx, std::int64_t build_id) {
    static const std::string kSource = R"sql(
        SELECT b.revision_id, b.source_id, s.git_url, s.git_commit, s.run
        FROM bs_builds b LEFT JOIN bs_revisions s ON s.id = b.source_id WHERE b.id = $1)sql";
    const pqxx::result rows = tx.exec_params(kSource, build_id);
    if (rows.empty()) throw std::logic_error("there is no build " + std::to_string(build_id));
    BuildSources sources;
    const auto source = nullable<std::int64_t>(rows[0]["source_id"]);
    if (!source) return sources;  // the linked package was deleted: nothing is left to build
    if (const auto url = nullable<std::string>(rows[0]["git_url"])) {
        const SourceUrl parts = parse_source_url(*url + "#");
        sources.git_url = parts.repository;
        sources.subdir = parts.subdir;
        sources.git_commit = rows[0]["git_commit"].as<std::string>();
        sources.run = rows[0]["run"].as<std::string>();
        return sources;
    }
    const auto own = rows[0]["revision_id"].as<std::int64_t>();
    sources.files = file_contents_of(tx, *source);
    if (own != *source) sources.files = laid_over(std::move(sources.files), file_contents_of(tx, own));
    return sources;
}

}  // namespace heddle
