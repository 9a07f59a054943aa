// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/job_end.hpp"

#include "app/postgres/build_event_store.hpp"
#include "app/postgres/contribution_store.hpp"
#include "app/postgres/package_revision_store.hpp"
#include "app/postgres/producer.hpp"
#include "app/postgres/report_store.hpp"
#include "app/postgres/run_store.hpp"
#include "app/postgres/step_store.hpp"

namespace heddle {
namespace {

void end_its_run(pqxx::transaction_base& tx, std::int64_t run_id, const std::string& reason) {
    end_run(tx, run_id, RunStatus::Fail, reason);
    clear_run_remains(tx, run_id, reason);
    end_pending_of_run(tx, run_id, reason);
}

void end_its_build(pqxx::transaction_base& tx, std::int64_t event_id, const std::string& reason) {
    const auto stored = find_build_event(tx, event_id);
    if (!stored) return;
    const BuildEvent& event = stored->event;
    if (event.type == BuildEventType::RequestStateChange)
        return end_pending_of_producer(
            tx, request_producer(event.request), {}, "the request's change could not be handled: " + reason);
    end_pending_of_producer(tx,
                            build_producer(event.package, event.repository, event.architecture),
                            without_flavour(event.package),
                            "the build's end could not be handled: " + reason);
}

void give_up_its_status(pqxx::transaction_base& tx, std::int64_t status_id, const std::string& reason) {
    const auto status = lock_status(tx, status_id);
    if (!status) return;
    mark_status_given_up(tx, status_id, status->version);
    if (const auto report = unfinished_report(tx, status_id))
        finish_report(tx, report->id, ReportState::GivenUp, reason);
}

void end_what_depends(pqxx::transaction_base& tx, const Job& job, const std::string& reason) {
    if (job.kind == job_kind::kRunWorkflows) end_its_run(tx, payload_number(job, "run"), reason);
    if (job.kind == job_kind::kBuildEvent) end_its_build(tx, payload_number(job, "event"), reason);
    if (job.kind == job_kind::kSyncStatus) give_up_its_status(tx, payload_number(job, "status"), reason);
}

/// What was ended together with the job has to be open again before it can be tried again.
void reopen_what_depends(pqxx::transaction_base& tx, const Job& job) {
    static const std::string kReopenRun = R"sql(
        UPDATE workflow_runs SET status = 'queued', message = '', finished_at = NULL
        WHERE id = $1 AND status = 'fail')sql";
    if (job.kind == job_kind::kRunWorkflows) tx.exec_params0(kReopenRun, payload_number(job, "run"));
    if (job.kind == job_kind::kSyncStatus) clear_given_up(tx, payload_number(job, "status"));
}

}  // namespace

void bury_job(pqxx::transaction_base& tx, const Job& job, const std::string& reason) {
    guard_job(tx, job);
    end_what_depends(tx, job, reason);
    mark_job_dead(tx, job, reason);
}

void clear_run_remains(pqxx::transaction_base& tx, std::int64_t run_id, const std::string& reason) {
    fail_running_steps(tx, run_id, reason);
    // A build event may have waited for one of the answers.
    for (const PackageRef& package : forget_unanswered(tx, run_id)) {
        lock_package_words(tx, package);
        look_back(tx, package);
    }
}

std::vector<ListedJob> list_jobs(pqxx::transaction_base& tx, int limit) {
    static const std::string kListJobs = R"sql(
        SELECT *, to_char(run_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS run_at_text,
               to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created_at_text
        FROM jobs ORDER BY (state = 'dead') DESC, id LIMIT $1)sql";
    std::vector<ListedJob> jobs;
    for (const pqxx::row& row : tx.exec_params(kListJobs, limit))
        jobs.push_back({read_job(row),
                        row["state"].as<std::string>(),
                        row["error"].as<std::string>(),
                        row["run_at_text"].as<std::string>(),
                        row["created_at_text"].as<std::string>()});
    return jobs;
}

bool retry_job(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kFindIdle = "SELECT * FROM jobs WHERE id = $1 AND state <> 'running' FOR UPDATE";
    static const std::string kDropTwin = R"sql(
        DELETE FROM jobs WHERE kind = 'sync_status' AND kind = $1 AND key = $2 AND state = 'available' AND id <> $3)sql";
    static const std::string kRetryNow = R"sql(
        UPDATE jobs SET state = 'available', failures = 0, repeats = 0, run_at = now() WHERE id = $1
        RETURNING pg_notify('heddle_jobs', ''))sql";
    const pqxx::result rows = tx.exec_params(kFindIdle, id);
    if (rows.empty()) return false;
    const Job job = read_job(rows[0]);
    reopen_what_depends(tx, job);
    tx.exec_params0(kDropTwin, job.kind, job.key, id);
    tx.exec_params(kRetryNow, id);
    return true;
}

bool discard_job(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kTake =
        "DELETE FROM jobs WHERE id = $1 AND state <> 'running' RETURNING *, pg_notify('heddle_jobs', '')";
    const pqxx::result rows = tx.exec_params(kTake, id);
    if (rows.empty()) return false;
    end_what_depends(tx, read_job(rows[0]), "its job was discarded");
    return true;
}

}  // namespace heddle
