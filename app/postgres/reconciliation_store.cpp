// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/reconciliation_store.hpp"

#include <algorithm>

#include "app/postgres/array_text.hpp"
#include "app/postgres/build_event_store.hpp"
#include "app/postgres/contribution_store.hpp"
#include "app/postgres/request_reconciliation_store.hpp"

namespace heddle {
namespace {

/// The same end of the same build is one event, however often it is asked for. What is gone may come back and
/// go again.
std::string id_of(const BuildEvent& event) {
    if (is_deletion(event.type)) return "";
    const auto start = event.started_at ? event.started_at->time_since_epoch().count() : 0;
    std::string id(to_string(event.type));
    for (const std::string& part : {to_string(event.package),
                                    event.repository,
                                    event.architecture,
                                    event.revision.rev,
                                    event.revision.srcmd5,
                                    std::to_string(start)})
        id += "/" + part;
    return id;
}

bool was_asked_for_since(pqxx::transaction_base& tx, const std::string& project, const std::string& time) {
    static const std::string kSince = R"sql(
        SELECT EXISTS (SELECT 1 FROM package_revisions
                       WHERE project = $1 AND greatest(requested_at, completed_at) >= $2::timestamptz)
            OR EXISTS (SELECT 1 FROM event_subscriptions
                       WHERE project = $1 AND created_at >= $2::timestamptz))sql";
    return tx.exec_params1(kSince, project, time)[0].as<bool>();
}

/// Until somebody has reason to ask again.
void settle_deleted(pqxx::transaction_base& tx,
                    const ReconciliationPlace& place,
                    const std::string& package) {
    static const std::string kSettleDeleted = R"sql(
        UPDATE package_revisions r SET settled = true FROM tokens t JOIN users u ON u.id = t.executor_id
        WHERE t.id = r.token_id AND u.login = $1 AND r.project = $2 AND ($3 = '' OR r.package = $3)
          AND NOT r.settled)sql";
    tx.exec_params0(kSettleDeleted, place.login, place.project, package);
}

/// Those that are there as far as is known; the others end by what their events tell.
std::vector<std::string> without_deleted(std::vector<std::string> packages,
                                         const std::vector<BuildEvent>& events) {
    for (const BuildEvent& event : events) {
        if (event.type == BuildEventType::ProjectDeleted) return {};
        if (event.type == BuildEventType::PackageDeleted) std::erase(packages, event.package.package);
    }
    return packages;
}

void settle(pqxx::transaction_base& tx, std::chrono::seconds after) {
    // What was never heard of is given up after the time that build events wait for a subscription.
    static const std::string kSettle = R"sql(
        UPDATE package_revisions r SET settled = true
        WHERE NOT settled AND completed_at < now() - $1 * interval '1 second'
          AND (NOT EXISTS (SELECT 1 FROM event_subscriptions s
                           WHERE s.token_id = r.token_id AND s.project = r.project AND s.package = r.package)
               OR EXISTS (SELECT 1 FROM package_revisions later
                          WHERE later.project = r.project AND later.package = r.package
                            AND later.token_id = r.token_id AND later.id > r.id AND later.completed_at IS NOT NULL)
               OR (reconciled_at IS NOT NULL AND NOT open
                   AND NOT EXISTS (SELECT 1 FROM status_contributions c
                                   WHERE c.project = r.project AND c.package = r.package AND c.live
                                     AND c.cause[1] = r.id AND c.state = 'pending')
                   AND (completed_at < now() - interval '7 days'
                        OR EXISTS (SELECT 1 FROM status_contributions c
                                   WHERE c.project = r.project AND c.package = r.package AND c.live
                                     AND c.cause[1] = r.id))))
    )sql";
    tx.exec_params0(kSettle, static_cast<std::int64_t>(after.count()));
}

}  // namespace

int enqueue_reconciliation(pqxx::transaction_base& tx, std::chrono::seconds after) {
    static const std::string kEnqueue = R"sql(
        WITH due AS (
            SELECT DISTINCT u.login, r.project
            FROM package_revisions r JOIN tokens t ON t.id = r.token_id JOIN users u ON u.id = t.executor_id
            WHERE NOT r.settled
              AND (r.missed_at IS NOT NULL
                   OR (r.completed_at < now() - $1 * interval '1 second'
                       AND coalesce(r.reconciled_at < now() - $1 * interval '1 second', true))))
        INSERT INTO jobs (kind, key, payload, max_attempts)
        SELECT 'reconcile', login || '/' || project, jsonb_build_object('login', login, 'project', project), 5
        FROM due
        WHERE NOT EXISTS (SELECT 1 FROM jobs j
                          WHERE j.kind = 'reconcile' AND j.key = login || '/' || project
                            AND j.state IN ('available', 'running'))
        ORDER BY login, project)sql";
    settle(tx, after);
    const pqxx::result rows = tx.exec_params(kEnqueue, static_cast<std::int64_t>(after.count()));
    return static_cast<int>(rows.affected_rows());
}

void reconcile_everything(pqxx::transaction_base& tx) {
    reconcile_soon(tx, {});
    reconcile_all_requests(tx);
}

void reconcile_soon(pqxx::transaction_base& tx, const PackageRef& doubtful) {
    static const std::string kUnsettle = R"sql(
        UPDATE package_revisions SET settled = false, reconciled_at = NULL, missed_at = now()
        WHERE id IN (SELECT max(r.id) FROM package_revisions r
                     JOIN event_subscriptions s USING (token_id, project, package)
                     WHERE r.completed_at IS NOT NULL AND ($1 = '' OR r.project = $1) AND ($2 = '' OR r.package = $2)
                     GROUP BY s.token_id, s.project, s.package))sql";
    tx.exec_params0(kUnsettle, doubtful.project, doubtful.package);
}

ReconciliationList packages_to_reconcile(pqxx::transaction_base& tx,
                                         const ReconciliationPlace& place,
                                         std::chrono::seconds after) {
    static const std::string kPackages = R"sql(
        SELECT DISTINCT r.package COLLATE "C"
        FROM package_revisions r JOIN tokens t ON t.id = r.token_id JOIN users u ON u.id = t.executor_id
        WHERE NOT r.settled AND r.project = $2 AND u.login = $1
          AND (r.completed_at < $3::timestamptz OR r.missed_at IS NOT NULL)
        ORDER BY 1)sql";
    ReconciliationList list;
    const auto seconds = static_cast<std::int64_t>(after.count());
    const pqxx::row times =
        tx.exec_params1("SELECT now()::text, (now() - $1 * interval '1 second')::text", seconds);
    list.asked_at = times[0].as<std::string>();
    list.made_before = times[1].as<std::string>();
    for (const pqxx::row& row : tx.exec_params(kPackages, place.login, place.project, list.made_before))
        list.packages.push_back(row[0].as<std::string>());
    return list;
}

void note_reconciliation(pqxx::transaction_base& tx,
                         const ReconciliationPlace& place,
                         const ReconciliationList& asked,
                         const std::vector<std::string>& open) {
    static const std::string kReconciled = R"sql(
        UPDATE package_revisions r SET
            reconciled_at = now(),
            missed_at = CASE WHEN r.kind = 'source' AND r.rev IS NULL AND r.srcmd5 IS NULL
                                  AND r.completed_at > now() - interval '1 hour' THEN now()
                             WHEN r.missed_at > $5::timestamptz THEN r.missed_at END,
            open = r.package = ANY ($6::text[])
        FROM tokens t JOIN users u ON u.id = t.executor_id
        WHERE t.id = r.token_id AND u.login = $1 AND r.project = $2 AND r.package = ANY ($3::text[])
          AND NOT r.settled
          AND (r.completed_at < $4::timestamptz OR r.missed_at <= $5::timestamptz))sql";
    tx.exec_params0(kReconciled,
                    place.login,
                    place.project,
                    array_text(asked.packages),
                    asked.made_before,
                    asked.asked_at,
                    array_text(open));
}

void store_absence(pqxx::transaction_base& tx,
                   const ReconciliationPlace& place,
                   const ReconciliationList& asked,
                   const PackageRef& gone) {
    // Somebody made it meanwhile.
    if (was_asked_for_since(tx, place.project, asked.asked_at)) return;
    const std::string what = gone.package.empty() ? "project " + gone.project : "package " + to_string(gone);
    withdraw_unseen(tx, place.login, gone, asked.asked_at, what + " was deleted");
    settle_deleted(tx, place, gone.package);
}

int store_reconciliation(pqxx::transaction_base& tx,
                         const ReconciliationPlace& place,
                         const ReconciliationList& asked,
                         ReconciliationAnswer answer) {
    note_reconciliation(tx, place, asked, answer.open);
    end_pending_elsewhere(tx,
                          place.login,
                          place.project,
                          without_deleted(asked.packages, answer.events),
                          answer.producers,
                          asked.asked_at,
                          "it is not built there any more");
    std::erase_if(answer.events, [](const BuildEvent& event) { return is_deletion(event.type); });
    for (BuildEvent& event : answer.events) event.id = id_of(event);
    return store_answers(tx, answer.events);
}

}  // namespace heddle
