// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/request_reconciliation_store.hpp"

#include "app/postgres/build_event_store.hpp"

namespace heddle {
namespace {

/// $1: seconds.
const std::string kIsDue = R"sql(
    r.state IN ('new', 'review') AND coalesce(r.asked_at, r.created_at) < now() - $1 * interval '1 second')sql";

}  // namespace

int enqueue_request_reconciliation(pqxx::transaction_base& tx, std::chrono::seconds after) {
    static const std::string kEnqueue = R"sql(
        WITH due AS (
            SELECT DISTINCT u.login
            FROM request_subscriptions r JOIN tokens t ON t.id = r.token_id JOIN users u ON u.id = t.executor_id
            WHERE )sql" + kIsDue + R"sql()
        INSERT INTO jobs (kind, key, payload, max_attempts)
        SELECT 'reconcile_requests', login, jsonb_build_object('login', login), 5
        FROM due
        WHERE NOT EXISTS (SELECT 1 FROM jobs j
                          WHERE j.kind = 'reconcile_requests' AND j.key = login
                            AND j.state IN ('available', 'running'))
        ORDER BY login)sql";
    const pqxx::result rows = tx.exec_params(kEnqueue, static_cast<std::int64_t>(after.count()));
    return static_cast<int>(rows.affected_rows());
}

void reconcile_all_requests(pqxx::transaction_base& tx) {
    static const std::string kAll =
        "UPDATE request_subscriptions SET asked_at = '-infinity' WHERE state IN ('new', 'review')";
    tx.exec0(kAll);
}

DueRequests requests_to_reconcile(pqxx::transaction_base& tx,
                                  const std::string& login,
                                  std::chrono::seconds after) {
    static const std::string kDue = R"sql(
        SELECT r.number, min(r.state) AS state
        FROM request_subscriptions r JOIN tokens t ON t.id = r.token_id JOIN users u ON u.id = t.executor_id
        WHERE u.login = $2 AND )sql" +
                                    kIsDue + " GROUP BY r.number ORDER BY r.number";
    DueRequests due;
    const pqxx::row now = tx.exec1("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint");
    due.asked_at = TimePoint(std::chrono::microseconds(now[0].as<std::int64_t>()));
    for (const pqxx::row& row : tx.exec_params(kDue, static_cast<std::int64_t>(after.count()), login))
        due.states[row["number"].as<std::int64_t>()] = row["state"].as<std::string>();
    return due;
}

int store_request_reconciliation(pqxx::transaction_base& tx,
                                 const DueRequests& asked,
                                 const std::vector<Request>& answers) {
    static const std::string kAsked =
        "UPDATE request_subscriptions SET asked_at = now() WHERE number = $1 AND state IN ('new', 'review')";
    std::vector<BuildEvent> events;
    for (const Request& request : answers) {
        tx.exec_params0(kAsked, request.number);
        if (asked.states.at(request.number) == request.state) continue;
        BuildEvent event;
        event.type = BuildEventType::RequestStateChange;
        event.request = request.number;
        event.request_state = request.state;
        event.reason = request.comment;
        // What was told since it was asked is newer.
        event.ended_at = asked.asked_at;
        events.push_back(std::move(event));
    }
    return store_build_events(tx, "reconciliation", events);
}

}  // namespace heddle
