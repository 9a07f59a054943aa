// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/viewer_store.hpp"

#include <limits>

#include "app/postgres/pool.hpp"

namespace heddle {
namespace {

// The run's own event has to say so too: whoever holds a token can name any repository in a delivery, and
// must not open the runs of other tokens with it.
const std::string kPublic = "(r.event->>'public') = 'true'";

// Shared with the viewer, or with a group that the viewer belongs to.
std::string shared_with(const std::string& user) {
    return R"sql(
        t.id IN (SELECT s.token_id FROM token_shares s WHERE s.user_id = )sql" +
           user + R"sql( OR s.group_id IN (SELECT m.group_id FROM group_members m WHERE m.user_id = )sql" +
           user + ")) ";
}

const std::string kOfRepository =
    " ($2::text = '' OR r.repository_id IN (SELECT id FROM repositories WHERE full_name = $2)) ";

const std::string kNewest =
    " AND ($1::text IS NULL OR r.status = $1) AND r.id < $3 ORDER BY r.id DESC LIMIT $4 ";

const std::string kAnyRun = "SELECT r.id FROM workflow_runs r WHERE" + kOfRepository + kNewest;

// Each token and public repository gives its newest runs, by an index each: a page takes as long with many
// runs as with few.
const std::string kOwnOrPublicRun =
    R"sql(
    SELECT own.id FROM tokens t CROSS JOIN LATERAL (
        SELECT r.id FROM workflow_runs r WHERE r.token_id = t.id AND )sql" +
    kOfRepository + kNewest + R"sql() own WHERE t.executor_id = $5 OR )sql" + shared_with("$5") + R"sql(
    UNION
    SELECT shown.id FROM repositories p CROSS JOIN LATERAL (
        SELECT r.id FROM workflow_runs r WHERE r.repository_id = p.id AND )sql" +
    kPublic + kNewest + ") shown WHERE p.public AND ($2::text = '' OR p.full_name = $2) AND $6";

std::string lines_of(const std::string& ids) {
    return R"sql(
        SELECT r.id, r.status, r.message, r.number, r.commit_sha, event->>'class' AS class,
               event->>'kind' AS kind, event->>'title' AS title, event->>'tag' AS tag,
               event->'repository'->>'full_name' AS repository, event->'target'->>'branch' AS branch,
               to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created
        FROM workflow_runs r WHERE r.id IN ()sql" +
           ids + ") ORDER BY r.id DESC LIMIT $4";
}

RunLine read_line(const pqxx::row& row) {
    const auto text = [&](const char* column) { return nullable<std::string>(row[column]).value_or(""); };
    RunLine line;
    line.id = row["id"].as<std::int64_t>();
    line.status = run_status_from(row["status"].as<std::string>()).value();
    line.message = row["message"].as<std::string>();
    line.event.event_class = event_class_from(text("class")).value();
    line.event.kind = pull_request_kind_from(text("kind"));
    line.event.number = nullable<std::int64_t>(row["number"]);
    line.event.title = text("title");
    line.event.tag = text("tag");
    line.event.repository.full_name = text("repository");
    line.event.target.branch = text("branch");
    line.event.commit_sha = row["commit_sha"].as<std::string>();
    line.created_at = row["created"].as<std::string>();
    return line;
}

}  // namespace

bool may_see_run(pqxx::transaction_base& tx, const Viewer& viewer, std::int64_t run_id) {
    static const std::string kMaySee = R"sql(
        SELECT 1 FROM workflow_runs r
        JOIN tokens t ON t.id = r.token_id
        JOIN repositories p ON p.id = r.repository_id
        WHERE r.id = $1 AND ($2 OR t.executor_id = $3 OR ($4 AND p.public AND )sql" +
                                       kPublic + ") OR " + shared_with("$3") + ")";
    return !tx.exec_params(kMaySee, run_id, viewer.administrator, viewer.user_id, viewer.public_status)
                .empty();
}

std::vector<RunLine> list_visible_runs(pqxx::transaction_base& tx,
                                       const Viewer& viewer,
                                       const RunLineFilter& filter) {
    static const std::string kListAll = lines_of(kAnyRun);
    static const std::string kListVisible = lines_of(kOwnOrPublicRun);
    std::optional<std::string> status;
    if (filter.status) status = std::string(to_string(*filter.status));
    const auto before = filter.before.value_or(std::numeric_limits<std::int64_t>::max());
    const pqxx::result rows = viewer.administrator
                                  ? tx.exec_params(kListAll, status, filter.repository, before, filter.limit)
                                  : tx.exec_params(kListVisible,
                                                   status,
                                                   filter.repository,
                                                   before,
                                                   filter.limit,
                                                   viewer.user_id,
                                                   viewer.public_status);
    std::vector<RunLine> lines;
    for (const pqxx::row& row : rows) lines.push_back(read_line(row));
    return lines;
}

}  // namespace heddle
