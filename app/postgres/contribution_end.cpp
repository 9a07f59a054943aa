// SPDX-License-Identifier: Apache-2.0
// Ways in which what was promised for a commit ends without a result (design 4.5).
#include <algorithm>

#include "app/postgres/array_text.hpp"
#include "app/postgres/contribution_store.hpp"
#include "app/postgres/status_value.hpp"
#include "app/postgres/storable_text.hpp"

namespace heddle {
namespace {

/// Locks, in the common order, the statuses of the contributions that `condition` (over c; its parameters
/// are $1...) picks.
template <class... Parameters>
std::vector<std::int64_t> lock_statuses_of(pqxx::transaction_base& tx,
                                           const std::string& condition,
                                           const Parameters&... parameters) {
    const std::string lock =
        "SELECT id FROM commit_statuses WHERE id IN (SELECT status_id FROM status_contributions c WHERE " +
        condition + ") ORDER BY" + kStatusLockOrder + "FOR UPDATE";
    std::vector<std::int64_t> ids;
    for (const pqxx::row& row : tx.exec_params(lock, parameters...)) ids.push_back(row[0].as<std::int64_t>());
    return ids;
}

/// Ends the picked contributions of the locked statuses: pending becomes an error, with `live` as given.
/// What appeared since the lock is not touched: its writer holds the newer truth.
template <class... Parameters>
void end_picked(pqxx::transaction_base& tx,
                const std::string& condition,
                bool live,
                const std::string& reason,
                const Parameters&... parameters) {
    const std::vector<std::int64_t> locked = lock_statuses_of(tx, condition, parameters...);
    if (locked.empty()) return;
    // The condition's parameters come first, so ours are numbered after them.
    const int next = static_cast<int>(sizeof...(parameters)) + 1;
    const std::string end =
        "UPDATE status_contributions c SET live = " + std::string(live ? "true" : "false") +
        ", text = CASE state WHEN 'pending' THEN $" + std::to_string(next) +
        " ELSE text END, state = CASE state WHEN 'pending' THEN 'error' ELSE state END,"
        " updated_at = now() WHERE status_id = ANY ($" +
        std::to_string(next + 1) + "::bigint[]) AND " + condition;
    tx.exec_params0(end, parameters..., storable_text(reason), array_text(locked));
    for (const std::int64_t id : locked) compute_status(tx, id);
}

}  // namespace

void withdraw_builds(pqxx::transaction_base& tx,
                     const PackageRef& package,
                     const std::string& reason,
                     std::optional<std::int64_t> since_event) {
    // A build's cause starts with the revision that it was promised for: what was asked for after the event
    // came in is about a project that is there again.
    static const std::string kOfPackage = R"sql(
        c.live AND c.project = $1 AND ($2 = '' OR c.package = $2) AND NOT EXISTS (
            SELECT 1 FROM package_revisions r JOIN build_events e ON e.id = $3
            WHERE r.id = c.cause[1] AND r.requested_at > least(e.received_at, e.ended_at)))sql";
    end_picked(tx, kOfPackage, false, reason, package.project, package.package, since_event);
}

void supersede_builds(pqxx::transaction_base& tx,
                      const PackageRef& package,
                      std::int64_t revision_id,
                      const std::string& reason) {
    static const std::string kOlderPromises = R"sql(
        c.live AND c.state = 'pending' AND c.project = $1 AND c.package = $2 AND c.cause[1] < $3
        AND (SELECT s.commit_sha FROM commit_statuses s WHERE s.id = c.status_id)
            <> (SELECT r.commit_sha FROM package_revisions r WHERE r.id = $3))sql";
    end_picked(tx, kOlderPromises, true, reason, package.project, package.package, revision_id);
}

void end_pending_of_run(pqxx::transaction_base& tx,
                        std::int64_t run_id,
                        const std::string& reason,
                        const std::vector<Contribution>& also) {
    static const std::string kOfRun = "c.state = 'pending' AND c.run_id = $1";
    // The context of runs sorts before those of builds, so the common order of locks holds.
    contribute(tx, also);
    end_picked(tx, kOfRun, true, reason, run_id);
}

void withdraw_runs_of_pull_request(pqxx::transaction_base& tx,
                                   std::int64_t forge_id,
                                   std::int64_t repository_id,
                                   std::int64_t number,
                                   const std::string& producer) {
    static const std::string kOfPullRequest = R"sql(
        c.live AND c.producer = $4 AND c.status_id IN (
            SELECT s.id FROM workflow_runs w
            JOIN commit_statuses s ON s.forge_id = $1 AND s.repository_id = w.repository_id AND s.commit_sha = w.commit_sha
            WHERE w.repository_id = $2 AND w.number = $3))sql";
    end_picked(
        tx, kOfPullRequest, false, "the pull request is closed", forge_id, repository_id, number, producer);
}

void withdraw_unseen(pqxx::transaction_base& tx,
                     const std::string& login,
                     const PackageRef& package,
                     const std::string& before,
                     const std::string& reason) {
    static const std::string kUnseen = R"sql(
        c.live AND c.project = $1 AND ($2 = '' OR c.package = $2) AND starts_with(c.producer, 'build/')
        AND EXISTS (SELECT 1 FROM package_revisions r JOIN tokens t ON t.id = r.token_id JOIN users u ON u.id = t.executor_id
                    WHERE r.id = c.cause[1] AND r.completed_at < $3::timestamptz AND u.login = $4))sql";
    end_picked(tx, kUnseen, false, reason, package.project, package.package, before, login);
}

void end_pending_elsewhere(pqxx::transaction_base& tx,
                           const std::string& login,
                           const std::string& project,
                           const std::vector<std::string>& packages,
                           const std::vector<std::string>& producers,
                           const std::string& before,
                           const std::string& reason) {
    static const std::string kElsewhere = R"sql(
        c.live AND c.state = 'pending' AND c.project = $1 AND c.package = ANY ($2::text[])
        AND starts_with(c.producer, 'build/') AND c.producer <> ALL ($3::text[])
        AND EXISTS (SELECT 1 FROM package_revisions r JOIN tokens t ON t.id = r.token_id JOIN users u ON u.id = t.executor_id
                    WHERE r.id = c.cause[1] AND r.completed_at < $4::timestamptz AND u.login = $5))sql";
    end_picked(
        tx, kElsewhere, true, reason, project, array_text(packages), array_text(producers), before, login);
}

void end_pending_of_producer(pqxx::transaction_base& tx,
                             const std::string& producer,
                             const PackageRef& package,
                             const std::string& reason) {
    static const std::string kOfProducer =
        "c.live AND c.state = 'pending' AND c.project = $1 AND c.package = $2 AND c.producer = $3";
    end_picked(tx, kOfProducer, true, reason, package.project, package.package, producer);
}

}  // namespace heddle
