// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/request_subscription_store.hpp"

#include "app/postgres/storable_text.hpp"

namespace heddle {
namespace {

const std::string kColumns = R"sql(
    r.id, r.run_id, r.token_id, w.repository_id, p.forge_id, r.number, r.commit_sha, r.state,
    coalesce(w.event->>'status_repository_id', w.event->>'status_repository', '') AS posted_to,
    coalesce(w.event->>'status_repository', '') AS posted_to_name)sql";

RequestSubscription read_subscription(const pqxx::row& row) {
    RequestSubscription read;
    read.id = row["id"].as<std::int64_t>();
    read.run_id = row["run_id"].as<std::int64_t>();
    read.token_id = row["token_id"].as<std::int64_t>();
    read.repository_id = row["repository_id"].as<std::int64_t>();
    read.forge_id = row["forge_id"].as<std::int64_t>();
    read.number = row["number"].as<std::int64_t>();
    read.commit_sha = row["commit_sha"].as<std::string>();
    read.state = row["state"].as<std::string>();
    read.posted_to = row["posted_to"].as<std::string>();
    read.posted_to_name = row["posted_to_name"].as<std::string>();
    return read;
}

std::vector<RequestSubscription> read_subscriptions(const pqxx::result& rows) {
    std::vector<RequestSubscription> read;
    for (const pqxx::row& row : rows) read.push_back(read_subscription(row));
    return read;
}

}  // namespace

RequestSubscription subscribe_to_request(pqxx::transaction_base& tx,
                                         const RequestPlace& place,
                                         const Request& request) {
    static const std::string kSubscribe = R"sql(
        WITH r AS (
            INSERT INTO request_subscriptions (run_id, token_id, number, source_project, source_package, target_project,
                                               target_package, commit_sha, state)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT ON CONSTRAINT one_listener_per_request_and_commit
            DO UPDATE SET run_id = greatest(request_subscriptions.run_id, excluded.run_id)
            RETURNING *)
        SELECT )sql" + kColumns + R"sql(
        FROM r JOIN workflow_runs w ON w.id = r.run_id JOIN repositories p ON p.id = w.repository_id)sql";
    return read_subscription(tx.exec_params1(kSubscribe,
                                             place.run_id,
                                             place.token_id,
                                             request.number,
                                             place.source.project,
                                             place.source.package,
                                             place.target.project,
                                             place.target.package,
                                             place.commit_sha,
                                             storable_text(request.state)));
}

std::vector<RequestSubscription> match_request(pqxx::transaction_base& tx, const BuildEvent& event) {
    // A key that is good for some projects only speaks for requests to these.
    static const std::string kMatch = "SELECT " + kColumns + R"sql(
        FROM request_subscriptions r
        JOIN workflow_runs w ON w.id = r.run_id
        JOIN repositories p ON p.id = w.repository_id
        WHERE r.number = $1 AND ($2 = '' OR r.target_project = $2)
        ORDER BY r.id FOR UPDATE OF r)sql";
    return read_subscriptions(tx.exec_params(kMatch, event.request, event.package.project));
}

void set_request_state(pqxx::transaction_base& tx,
                       std::int64_t subscription_id,
                       const StoredBuildEvent& event) {
    static const std::string kSetState = R"sql(
        UPDATE request_subscriptions s SET state = e.request_state, changed_at = e.ended_at
        FROM build_events e
        WHERE s.id = $1 AND e.id = $2 AND coalesce(s.changed_at <= e.ended_at, true))sql";
    tx.exec_params0(kSetState, subscription_id, event.id);
}

std::vector<RequestSubscription> open_requests_of(pqxx::transaction_base& tx,
                                                  std::int64_t repository_id,
                                                  std::int64_t pull_request,
                                                  const RequestPlace& place) {
    static const std::string kOpen = "SELECT DISTINCT ON (r.number) " + kColumns + R"sql(
        FROM request_subscriptions r
        JOIN workflow_runs w ON w.id = r.run_id
        JOIN repositories p ON p.id = w.repository_id
        WHERE w.repository_id = $1 AND w.number = $2 AND r.token_id = $3
          AND r.source_project = $4 AND r.source_package = $5
          AND r.target_project = $6 AND r.target_package = $7
          AND r.state NOT IN ('accepted', 'revoked', 'superseded', 'deleted')
        ORDER BY r.number, r.id DESC)sql";
    return read_subscriptions(tx.exec_params(kOpen,
                                             repository_id,
                                             pull_request,
                                             place.token_id,
                                             place.source.project,
                                             place.source.package,
                                             place.target.project,
                                             place.target.package));
}

}  // namespace heddle
