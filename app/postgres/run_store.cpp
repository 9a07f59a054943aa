// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/run_store.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/postgres/job_store.hpp"
#include "app/postgres/pool.hpp"
#include "app/postgres/storable_text.hpp"

namespace heddle {
namespace {

using nlohmann::json;

std::string problems_json(const Problems& problems) {
    json list = json::array();
    for (const Problem& problem : problems)
        list.push_back({{"line", problem.line},
                        {"column", problem.column},
                        {"message", storable_text(problem.message)}});
    return list.dump();
}

Problems problems_from(const std::string& text) {
    Problems problems;
    for (const json& item : json::parse(text))
        problems.push_back({item.at("line"), item.at("column"), item.at("message")});
    return problems;
}

/// What the runs of one pull request, branch or tag have in common.
std::string ref_part(const ScmEvent& event) {
    if (event.number) return "/pull/" + std::to_string(*event.number);
    if (!event.tag.empty()) return "/tag/" + event.tag;
    return "/branch/" + event.target.branch;
}

void enqueue_run(pqxx::transaction_base& tx,
                 std::int64_t id,
                 const std::string& queue_key,
                 bool forced = false) {
    json payload{{"run", id}};
    if (forced) payload["forced"] = true;
    enqueue_job(tx, {job_kind::kRunWorkflows, queue_key, payload.dump(), kDayOfTries});
}

const std::string kRunColumns = R"sql(
    SELECT r.*, forge_id, forges.kind AS forge_kind,
           to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created,
           to_char(r.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS started,
           to_char(r.finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS finished
    FROM workflow_runs r JOIN repositories ON repositories.id = r.repository_id
    JOIN forges ON forges.id = forge_id )sql";

WorkflowRun read_run(const pqxx::row& row) {
    WorkflowRun run;
    run.id = row["id"].as<std::int64_t>();
    run.token_id = row["token_id"].as<std::int64_t>();
    run.repository_id = row["repository_id"].as<std::int64_t>();
    run.forge_id = row["forge_id"].as<std::int64_t>();
    run.forge_kind = row["forge_kind"].as<std::string>();
    run.origin = row["origin"].as<std::string>();
    run.event = scm_event_from_json(row["event"].as<std::string>());
    run.queue_key = row["queue_key"].as<std::string>();
    run.status = run_status_from(row["status"].as<std::string>()).value();
    run.attempt = row["attempt"].as<int>();
    run.message = row["message"].as<std::string>();
    run.configuration = nullable<std::string>(row["configuration"]);
    run.problems = problems_from(row["problems"].as<std::string>());
    run.warnings = problems_from(row["warnings"].as<std::string>());
    run.plan = row["plan"].as<std::string>();
    run.created_at = row["created"].as<std::string>();
    run.started_at = nullable<std::string>(row["started"]).value_or("");
    run.finished_at = nullable<std::string>(row["finished"]).value_or("");
    return run;
}

}  // namespace

std::string_view to_string(RunStatus status) {
    switch (status) {
        case RunStatus::Queued: return "queued";
        case RunStatus::Running: return "running";
        case RunStatus::Success: return "success";
        case RunStatus::Fail: return "fail";
        case RunStatus::Cancelled: return "cancelled";
    }
    throw std::logic_error("unknown RunStatus");
}

std::optional<RunStatus> run_status_from(std::string_view text) {
    for (const RunStatus status :
         {RunStatus::Queued, RunStatus::Running, RunStatus::Success, RunStatus::Fail, RunStatus::Cancelled})
        if (text == to_string(status)) return status;
    return std::nullopt;
}

bool has_ended(RunStatus status) { return status != RunStatus::Queued && status != RunStatus::Running; }

std::int64_t start_run(pqxx::transaction_base& tx, const NewRun& run) {
    static const std::string kStartRun = R"sql(
        INSERT INTO workflow_runs (token_id, repository_id, origin, origin_key, event, number, commit_sha, queue_key)
        SELECT $1, $2, $3, $4, $5::jsonb, $6, $7,
               (SELECT forges.name || '/' || identity FROM repositories JOIN forges ON forges.id = forge_id
                WHERE repositories.id = $2) || $8
        RETURNING id, queue_key)sql";
    const pqxx::row row = tx.exec_params1(kStartRun,
                                          run.token_id,
                                          run.repository_id,
                                          run.origin,
                                          run.origin_key,
                                          to_json(run.event),
                                          run.event.number,
                                          run.event.commit_sha,
                                          ref_part(run.event));
    const auto id = row["id"].as<std::int64_t>();
    enqueue_run(tx, id, row["queue_key"].as<std::string>());
    return id;
}

std::optional<std::int64_t> find_run_by_origin(pqxx::transaction_base& tx,
                                               std::int64_t token_id,
                                               const std::string& origin_key) {
    static const std::string kFindByOrigin =
        "SELECT id FROM workflow_runs WHERE token_id = $1 AND origin_key = $2";
    const pqxx::result rows = tx.exec_params(kFindByOrigin, token_id, origin_key);
    if (rows.empty()) return std::nullopt;
    return rows[0][0].as<std::int64_t>();
}

bool forget_origin_of_old_run(pqxx::transaction_base& tx, std::int64_t run_id) {
    static const std::string kForget = R"sql(
        UPDATE workflow_runs run SET origin_key = NULL
        WHERE id = $1 AND status IN ('success', 'fail', 'cancelled') AND EXISTS (
            SELECT FROM workflow_runs later
            WHERE later.repository_id = run.repository_id AND later.queue_key = run.queue_key
              AND later.token_id = run.token_id AND later.id > run.id))sql";
    return tx.exec_params(kForget, run_id).affected_rows() == 1;
}

int rerun(pqxx::transaction_base& tx, std::int64_t run_id, bool forced) {
    static const std::string kNextAttempt = R"sql(
        UPDATE workflow_runs SET status = 'queued', attempt = attempt + 1, message = '', problems = '[]',
                                 configuration = NULL, warnings = '[]', plan = '[]',
                                 started_at = NULL, finished_at = NULL
        WHERE id = $1 AND status IN ('success', 'fail', 'cancelled')
        RETURNING attempt, queue_key)sql";
    static const std::string kDropDead = R"sql(
        DELETE FROM jobs
        WHERE kind = 'run_workflows' AND state = 'dead' AND (payload->>'run')::bigint = $1)sql";
    const pqxx::result rows = tx.exec_params(kNextAttempt, run_id);
    tx.exec_params0(kDropDead, run_id);  // discarding it later must not end the new attempt
    if (rows.empty()) throw std::logic_error("run " + std::to_string(run_id) + " has not ended");
    enqueue_run(tx, run_id, rows[0]["queue_key"].as<std::string>(), forced);
    return rows[0]["attempt"].as<int>();
}

void force_run(pqxx::transaction_base& tx, std::int64_t run_id) {
    static const std::string kForce = R"sql(
        UPDATE jobs SET payload = payload || '{"forced": true}'
        WHERE kind = 'run_workflows' AND (payload->>'run')::bigint = $1)sql";
    tx.exec_params0(kForce, run_id);
}

std::optional<int> rerun_failed(pqxx::transaction_base& tx, std::int64_t run_id) {
    static const std::string kLockFailed =
        "SELECT 1 FROM workflow_runs WHERE id = $1 AND status = 'fail' FOR NO KEY UPDATE";
    if (tx.exec_params(kLockFailed, run_id).empty() || later_run(tx, run_id)) return std::nullopt;
    return rerun(tx, run_id);
}

std::optional<std::int64_t> later_run(pqxx::transaction_base& tx, std::int64_t run_id) {
    static const std::string kLaterRun = R"sql(
        SELECT later.id FROM workflow_runs run JOIN workflow_runs later
            ON later.repository_id = run.repository_id AND later.id > run.id
           AND later.queue_key = run.queue_key AND later.token_id = run.token_id
        WHERE run.id = $1 AND (later.commit_sha NOT IN ('', run.commit_sha)
                               OR later.event->>'kind' IN ('closed', 'merged'))
        ORDER BY later.id DESC LIMIT 1)sql";
    const pqxx::result rows = tx.exec_params(kLaterRun, run_id);
    if (rows.empty()) return std::nullopt;
    return rows[0][0].as<std::int64_t>();
}

std::optional<WorkflowRun> find_run(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kFindRun = kRunColumns + "WHERE r.id = $1";
    const pqxx::result rows = tx.exec_params(kFindRun, id);
    if (rows.empty()) return std::nullopt;
    return read_run(rows[0]);
}

std::vector<WorkflowRun> list_runs(pqxx::transaction_base& tx, const RunFilter& filter) {
    static const std::string kListRuns =
        kRunColumns + "WHERE $1::text IS NULL OR r.status = $1 ORDER BY r.id DESC LIMIT $2";
    std::optional<std::string> status;
    if (filter.status) status = std::string(to_string(*filter.status));
    std::vector<WorkflowRun> runs;
    for (const pqxx::row& row : tx.exec_params(kListRuns, status, filter.limit))
        runs.push_back(read_run(row));
    return runs;
}

std::optional<std::int64_t> later_run(pqxx::transaction_base& tx, const WorkflowRun& run) {
    static const std::string kLaterRun = R"sql(
        SELECT max(id) FROM workflow_runs
        WHERE repository_id = $1 AND queue_key = $2 AND token_id = $3 AND id > $4)sql";
    return nullable<std::int64_t>(
        tx.exec_params1(kLaterRun, run.repository_id, run.queue_key, run.token_id, run.id)[0]);
}

std::optional<std::string> why_superseded(pqxx::transaction_base& tx, const WorkflowRun& run) {
    static const std::string kNewest = R"sql(
        SELECT commit_sha, event->>'kind' AS kind FROM workflow_runs
        WHERE repository_id = $1 AND number = $2 AND token_id = $3 AND id > $4
          AND (event->>'kind' IN ('closed', 'merged')
               OR (commit_sha NOT IN ('', $5) AND event->>'kind' IN ('opened', 'updated', 'reopened')))
        ORDER BY id DESC LIMIT 1)sql";
    if (!run.event.number) return std::nullopt;
    const pqxx::result rows = tx.exec_params(
        kNewest, run.repository_id, run.event.number, run.token_id, run.id, run.event.commit_sha);
    if (rows.empty()) return std::nullopt;
    const auto kind = rows[0]["kind"].as<std::string>();
    if (kind == "closed" || kind == "merged") return "superseded: the pull request was " + kind;
    return "superseded by " + rows[0]["commit_sha"].as<std::string>().substr(0, 7);
}

void mark_run_running(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kMarkRunning = R"sql(
        UPDATE workflow_runs SET status = 'running', started_at = coalesce(started_at, now())
        WHERE id = $1 AND status IN ('queued', 'running'))sql";
    tx.exec_params0(kMarkRunning, id);
}

void store_run_configuration(pqxx::transaction_base& tx,
                             std::int64_t id,
                             const RunConfiguration& configuration) {
    static const std::string kStoreConfiguration = R"sql(
        UPDATE workflow_runs SET configuration = $2, warnings = $3::jsonb, plan = $4::jsonb WHERE id = $1)sql";
    std::optional<std::string> text;
    if (configuration.text) text = storable_text(*configuration.text);
    tx.exec_params0(kStoreConfiguration, id, text, problems_json(configuration.warnings), configuration.plan);
}

void end_run(pqxx::transaction_base& tx,
             std::int64_t id,
             RunStatus status,
             const std::string& message,
             const Problems& problems) {
    static const std::string kEndRun = R"sql(
        UPDATE workflow_runs SET status = $2, message = $3, problems = $4::jsonb, finished_at = now(),
                                 started_at = coalesce(started_at, now())
        WHERE id = $1 AND status IN ('queued', 'running'))sql";
    tx.exec_params0(
        kEndRun, id, std::string(to_string(status)), storable_text(message), problems_json(problems));
}

int purge_runs(pqxx::transaction_base& tx, std::chrono::seconds age, int limit) {
    static const std::string kPurgeRuns = R"sql(
        DELETE FROM workflow_runs WHERE id IN (
            SELECT id FROM workflow_runs
            WHERE created_at < now() - $1 * interval '1 second' AND finished_at < now() - $1 * interval '1 second'
            ORDER BY created_at LIMIT $2))sql";
    return static_cast<int>(
        tx.exec_params(kPurgeRuns, static_cast<std::int64_t>(age.count()), limit).affected_rows());
}

}  // namespace heddle
