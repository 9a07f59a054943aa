// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/request_store.hpp"

#include "app/postgres/build_event_store.hpp"
#include "app/postgres/pool.hpp"
#include "app/postgres/storable_text.hpp"

namespace heddle {
namespace {

/// What is read of requests; the last change stands in the history.
const std::string kRequests = R"sql(
    SELECT r.*, to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created,
           coalesce((SELECT h.comment FROM bs_request_history h WHERE h.request_id = r.id
                     ORDER BY h.id DESC LIMIT 1), '') AS comment
    FROM bs_requests r )sql";

StoredRequest read_request(const pqxx::row& row) {
    StoredRequest request;
    request.number = row["id"].as<std::int64_t>();
    request.source = {row["source_project"].as<std::string>(), row["source_package"].as<std::string>()};
    request.source_rev = row["source_rev"].as<int>();
    request.target = {row["target_project"].as<std::string>(), row["target_package"].as<std::string>()};
    request.description = row["description"].as<std::string>();
    request.state = row["state"].as<std::string>();
    request.comment = row["comment"].as<std::string>();
    request.superseded_by = nullable<std::int64_t>(row["superseded_by"]);
    request.login = row["login"].as<std::string>();
    request.created_at = row["created"].as<std::string>();
    return request;
}

std::optional<StoredRequest> first_request(const pqxx::result& rows) {
    if (rows.empty()) return std::nullopt;
    return read_request(rows.front());
}

std::vector<StoredRequest> all_requests(const pqxx::result& rows) {
    std::vector<StoredRequest> requests;
    for (const pqxx::row& row : rows) requests.push_back(read_request(row));
    return requests;
}

}  // namespace

std::optional<StoredRequest> find_request(pqxx::transaction_base& tx, std::int64_t number) {
    return first_request(tx.exec_params(kRequests + "WHERE r.id = $1", number));
}

std::optional<StoredRequest> lock_request(pqxx::transaction_base& tx, std::int64_t number) {
    tx.exec_params("SELECT FROM bs_requests WHERE id = $1 FOR UPDATE", number);
    return find_request(tx, number);
}

std::optional<StoredRequest> find_request_of_run(pqxx::transaction_base& tx, const NewRequest& wanted) {
    static const std::string kOfRun = kRequests + R"sql(
        WHERE r.run = $1 AND r.run <> '' AND r.source_project = $2 AND r.source_package = $3
          AND r.target_project = $4 AND r.target_package = $5)sql";
    return first_request(tx.exec_params(kOfRun,
                                        wanted.run,
                                        wanted.source.project,
                                        wanted.source.package,
                                        wanted.target.project,
                                        wanted.target.package));
}

std::vector<StoredRequest> list_requests(pqxx::transaction_base& tx, const RequestFilter& filter, int limit) {
    static const std::string kList = kRequests + R"sql(
        WHERE ($1 = '' OR r.source_project = $1 OR r.target_project = $1) AND ($2 = '' OR r.state = $2)
        ORDER BY r.id DESC LIMIT $3)sql";
    return all_requests(tx.exec_params(kList, filter.project, filter.state, limit));
}

std::vector<RequestChange> history_of_request(pqxx::transaction_base& tx, std::int64_t number) {
    static const std::string kHistory = R"sql(
        SELECT state, comment, login,
               to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS changed
        FROM bs_request_history WHERE request_id = $1 ORDER BY id)sql";
    std::vector<RequestChange> changes;
    for (const pqxx::row& row : tx.exec_params(kHistory, number))
        changes.push_back({row["state"].as<std::string>(),
                           row["comment"].as<std::string>(),
                           row["login"].as<std::string>(),
                           row["changed"].as<std::string>()});
    return changes;
}

std::int64_t insert_request(pqxx::transaction_base& tx,
                            const NewRequest& wanted,
                            int source_rev,
                            const std::string& login) {
    static const std::string kInsert = R"sql(
        WITH made AS (
            INSERT INTO bs_requests (source_project, source_package, source_rev, target_project, target_package,
                                     description, run, login)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id)
        INSERT INTO bs_request_history (request_id, state, login) SELECT id, 'new', $8 FROM made
        RETURNING request_id)sql";
    return tx
        .exec_params1(kInsert,
                      wanted.source.project,
                      wanted.source.package,
                      source_rev,
                      wanted.target.project,
                      wanted.target.package,
                      storable_text(wanted.description),
                      wanted.run,
                      login)[0]
        .as<std::int64_t>();
}

void change_request(pqxx::transaction_base& tx, const StoredRequest& request, const RequestChange& change) {
    static const std::string kState = "UPDATE bs_requests SET state = $2 WHERE id = $1";
    static const std::string kHistory =
        "INSERT INTO bs_request_history (request_id, state, comment, login) VALUES ($1, $2, $3, $4)";
    tx.exec_params0(kState, request.number, change.state);
    tx.exec_params0(kHistory, request.number, change.state, storable_text(change.comment), change.login);
    BuildEvent event;
    event.type = BuildEventType::RequestStateChange;
    event.package = request.target;
    event.request = request.number;
    event.request_state = change.state;
    event.reason = change.comment;
    store_build_events(tx, "embedded", {event});
}

void set_successor(pqxx::transaction_base& tx, std::int64_t number, std::int64_t by) {
    static const std::string kSuccessor = "UPDATE bs_requests SET superseded_by = $2 WHERE id = $1";
    tx.exec_params0(kSuccessor, number, by);
}

std::vector<StoredRequest> lock_requests_about(pqxx::transaction_base& tx, const PackageRef& package) {
    static const std::string kAbout = R"sql(
        SELECT id FROM bs_requests
        WHERE state = 'new' AND ((source_project = $1 AND ($2 = '' OR source_package = $2))
                              OR (target_project = $1 AND ($2 = '' OR target_package = $2)))
        ORDER BY id FOR UPDATE)sql";
    std::vector<StoredRequest> requests;
    for (const pqxx::row& row : tx.exec_params(kAbout, package.project, package.package))
        if (auto found = find_request(tx, row[0].as<std::int64_t>())) requests.push_back(std::move(*found));
    return requests;
}

}  // namespace heddle
