// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/status_store.hpp"

#include <algorithm>
#include <stdexcept>

#include "app/postgres/job_store.hpp"
#include "app/postgres/pool.hpp"
#include "app/postgres/status_value.hpp"

namespace heddle {
namespace {

// A plain repository without a forge around it has no name that anybody would know: there the path is meant.
const std::string kStatusColumns = R"sql(
    SELECT s.id, s.forge_id, token_id, f.kind, f.name,
           CASE WHEN f.kind = 'git' AND f.api_url = '' THEN r.identity
                WHEN posted_to = '' THEN coalesce(n.full_name, r.full_name)
                ELSE coalesce(nullif(posted_to_name, ''), posted_to) END AS repository,
           CASE posted_to WHEN '' THEN r.identity WHEN posted_to_name THEN '' ELSE posted_to END AS repository_id,
           commit_sha, context, state, text, url, version, sent_version, given_up
    FROM commit_statuses s
    JOIN repositories r ON r.id = s.repository_id
    LEFT JOIN repository_names n USING (token_id, repository_id)
    JOIN forges f ON f.id = s.forge_id )sql";

StoredStatus read_status(const pqxx::row& row) {
    StoredStatus status;
    status.id = row["id"].as<std::int64_t>();
    status.forge_id = row["forge_id"].as<std::int64_t>();
    status.token_id = row["token_id"].as<std::int64_t>();
    status.forge_kind = row["kind"].as<std::string>();
    status.forge_name = row["name"].as<std::string>();
    status.value.repository = row["repository"].as<std::string>();
    status.value.repository_id = row["repository_id"].as<std::string>();
    status.value.commit_sha = row["commit_sha"].as<std::string>();
    status.value.context = row["context"].as<std::string>();
    status.value.state = status_state_from(row["state"].as<std::string>()).value();
    status.value.text = row["text"].as<std::string>();
    status.value.url = row["url"].as<std::string>();
    status.version = row["version"].as<std::int64_t>();
    status.sent_version = row["sent_version"].as<std::int64_t>();
    status.given_up = row["given_up"].as<std::int64_t>();
    return status;
}

}  // namespace

std::optional<StoredStatus> lock_status(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kLockStatus = kStatusColumns + "WHERE s.id = $1 FOR UPDATE OF s";
    const pqxx::result rows = tx.exec_params(kLockStatus, id);
    if (rows.empty()) return std::nullopt;
    return read_status(rows[0]);
}

void mark_status_sent(pqxx::transaction_base& tx, std::int64_t id, std::int64_t version) {
    static const std::string kMarkSent =
        "UPDATE commit_statuses SET sent_version = greatest(sent_version, $2) WHERE id = $1";
    tx.exec_params0(kMarkSent, id, version);
    wake_those_behind(tx, id);
}

void mark_status_given_up(pqxx::transaction_base& tx, std::int64_t id, std::int64_t version) {
    static const std::string kMarkGivenUp =
        "UPDATE commit_statuses SET given_up = greatest(given_up, $2) WHERE id = $1";
    tx.exec_params0(kMarkGivenUp, id, version);
    wake_those_behind(tx, id);
}

std::optional<std::int64_t> told_before(pqxx::transaction_base& tx, std::int64_t id) {
    // All of them are locked, in the common order: a report that is just being recorded is waited for, and
    // one that is recorded later finds who waits behind it.
    static const std::string kToldBefore = R"sql(
        SELECT id FROM commit_statuses b
        WHERE (forge_id, repository_id, commit_sha, posted_to) =
              (SELECT forge_id, repository_id, commit_sha, posted_to FROM commit_statuses
               WHERE id = $1 AND state = 'success'
                 AND EXISTS (SELECT FROM status_contributions WHERE status_id = $1 AND package = ''))
          AND state <> 'success' AND greatest(sent_version, given_up) < version
          AND EXISTS (SELECT FROM status_contributions WHERE status_id = b.id AND package <> '')
          AND EXISTS (SELECT FROM tokens t WHERE t.id = b.token_id AND t.enabled)
          AND NOT EXISTS (SELECT FROM status_reports r
                          WHERE r.status_id = b.id AND r.version = b.sent_version
                            AND r.state IN ('sent', 'confirmed') AND r.sent_state <> 'success')
        ORDER BY)sql" + kStatusLockOrder + "FOR UPDATE";
    std::optional<std::int64_t> last;
    for (const pqxx::row& row : tx.exec_params(kToldBefore, id))
        last = std::max(last.value_or(0), row[0].as<std::int64_t>());
    return last;
}

void clear_given_up(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kClearGivenUp = "UPDATE commit_statuses SET given_up = 0 WHERE id = $1";
    tx.exec_params0(kClearGivenUp, id);
}

void send_status_again(pqxx::transaction_base& tx, std::int64_t id, std::int64_t version) {
    static const std::string kForgetSent =
        "UPDATE commit_statuses SET sent_version = 0, given_up = 0 WHERE id = $1 AND version = $2";
    if (tx.exec_params(kForgetSent, id, version).affected_rows() == 1) enqueue_sync_status(tx, id);
}

StatusOrigin origin_of_status(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kOrigin = R"sql(
        SELECT run_id, (SELECT id FROM deliveries WHERE run_id = newest.run_id AND verdict = 'accepted') AS delivery
        FROM (SELECT max(run_id) AS run_id FROM status_contributions WHERE status_id = $1) newest)sql";
    const pqxx::row row = tx.exec_params1(kOrigin, id);
    return {nullable<std::int64_t>(row["run_id"]), nullable<std::int64_t>(row["delivery"])};
}

void send_what_token_missed(pqxx::transaction_base& tx, std::int64_t token_id) {
    static const std::string kMissed =
        "SELECT id FROM commit_statuses WHERE token_id = $1 AND sent_version < version ORDER BY" +
        kStatusLockOrder + "FOR UPDATE";
    for (const pqxx::row& row : tx.exec_params(kMissed, token_id)) {
        const auto id = row[0].as<std::int64_t>();
        clear_given_up(tx, id);
        enqueue_sync_status(tx, id);
    }
}

std::vector<StoredStatus> statuses_of_run(pqxx::transaction_base& tx, std::int64_t run_id) {
    static const std::string kStatusesOfRun =
        kStatusColumns +
        "WHERE s.id IN (SELECT status_id FROM status_contributions WHERE run_id = $1) "
        "ORDER BY context COLLATE \"C\", s.id";
    std::vector<StoredStatus> statuses;
    for (const pqxx::row& row : tx.exec_params(kStatusesOfRun, run_id)) statuses.push_back(read_status(row));
    return statuses;
}

std::map<std::int64_t, std::int64_t> statuses_failed_by_others(pqxx::transaction_base& tx,
                                                               std::int64_t run_id) {
    // A withdrawn word counts where no live one is left, as it does for the status.
    static const std::string kFailedByOthers = R"sql(
        SELECT s.id, coalesce(max(c.run_id), 0) AS run
        FROM commit_statuses s
        JOIN status_contributions c ON c.status_id = s.id
         AND (c.live OR NOT EXISTS (SELECT FROM status_contributions l WHERE l.status_id = s.id AND l.live))
        WHERE s.id IN (SELECT status_id FROM status_contributions WHERE run_id = $1)
          AND s.state IN ('failure', 'error') AND c.state IN ('failure', 'error')
        GROUP BY s.id HAVING bool_and(c.run_id IS DISTINCT FROM $1))sql";
    std::map<std::int64_t, std::int64_t> others;
    for (const pqxx::row& row : tx.exec_params(kFailedByOthers, run_id))
        others.emplace(row["id"].as<std::int64_t>(), row["run"].as<std::int64_t>());
    return others;
}

std::optional<RunRest> rest_of_run(pqxx::transaction_base& tx, std::int64_t run_id) {
    static const std::string kRest = R"sql(
        SELECT r.finished_at IS NOT NULL AS ended,
               count(s.id) FILTER (WHERE s.state = 'pending' AND NOT EXISTS (
                   SELECT FROM status_contributions c
                   WHERE c.status_id = s.id AND starts_with(c.producer, 'request/'))) AS pending,
               count(s.id) FILTER (WHERE greatest(s.sent_version, s.given_up) < s.version) AS unsent
        FROM workflow_runs r
        LEFT JOIN commit_statuses s
               ON s.id IN (SELECT status_id FROM status_contributions WHERE run_id = r.id)
        WHERE r.id = $1 GROUP BY r.id)sql";
    const pqxx::result rows = tx.exec_params(kRest, run_id);
    if (rows.empty()) return std::nullopt;
    return RunRest{rows[0]["ended"].as<bool>(), rows[0]["pending"].as<int>(), rows[0]["unsent"].as<int>()};
}

}  // namespace heddle
