// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/job_store.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/postgres/array_text.hpp"
#include "app/postgres/database_trouble.hpp"
#include "app/postgres/storable_text.hpp"

namespace heddle {
namespace {

// Somebody waits for it: no hours of trying.
constexpr int kResyncAttempts = 5;

JobLost lost(const Job& job) {
    return JobLost("job " + std::to_string(job.id) + " (" + job.kind + "): attempt " +
                   std::to_string(job.attempt) + " no longer owns it");
}

void must_be_ours(const pqxx::result& rows, const Job& job) {
    if (rows.affected_rows() != 1) throw lost(job);
}

bool lock_job(pqxx::transaction_base& tx, const Job& job) {
    static const std::string kLock = R"sql(
        SELECT 1 FROM jobs WHERE id = $1 AND attempt = $2 AND state = 'running' FOR UPDATE)sql";
    return !tx.exec_params(kLock, job.id, job.attempt).empty();
}

/// A sync_status that goes back to waiting meets the one that was enqueued while it ran; one is enough, and
/// the older one knows how often sending failed.
void drop_waiting_twin(pqxx::transaction_base& tx, const Job& job) {
    static const std::string kDropTwin = R"sql(
        DELETE FROM jobs WHERE kind = 'sync_status' AND key = $1 AND state = 'available' AND id <> $2)sql";
    if (job.kind == job_kind::kSyncStatus) tx.exec_params0(kDropTwin, job.key, job.id);
}

void let_wait(pqxx::transaction_base& tx,
              const Job& job,
              const std::string& why,
              std::chrono::milliseconds delay,
              int failures) {
    static const std::string kLetWait = R"sql(
        UPDATE jobs SET state = 'available', lease_until = NULL, worker_id = NULL, failures = failures + $5,
                        error = $3, run_at = clock_timestamp() + $4 * interval '1 millisecond'
        WHERE id = $1 AND attempt = $2 AND state = 'running')sql";
    guard_job(tx, job);
    drop_waiting_twin(tx, job);
    const auto milliseconds = static_cast<std::int64_t>(delay.count());
    must_be_ours(tx.exec_params(kLetWait, job.id, job.attempt, storable_text(why), milliseconds, failures),
                 job);
}

}  // namespace

Job read_job(const pqxx::row& row) {
    Job job;
    job.id = row["id"].as<std::int64_t>();
    job.kind = row["kind"].as<std::string>();
    job.key = row["key"].as<std::string>();
    job.payload = row["payload"].as<std::string>();
    job.attempt = row["attempt"].as<int>();
    job.failures = row["failures"].as<int>();
    job.max_attempts = row["max_attempts"].as<int>();
    job.repeats = row["repeats"].as<int>();
    return job;
}

std::int64_t enqueue_job(pqxx::transaction_base& tx, const NewJob& job) {
    static const std::string kEnqueue = R"sql(
        INSERT INTO jobs (kind, key, payload, max_attempts) VALUES ($1, $2, $3::jsonb, $4) RETURNING id)sql";
    return tx.exec_params1(kEnqueue, job.kind, job.key, job.payload, job.max_attempts)[0].as<std::int64_t>();
}

void enqueue_sync_status(pqxx::transaction_base& tx, std::int64_t status_id) {
    // Who holds the waiting one claims it, or lets it go himself: nobody waits here with statuses locked.
    static const std::string kEnqueueSync = R"sql(
        WITH let_go AS (
            UPDATE jobs SET run_at = now(), behind = NULL
            WHERE id IN (SELECT id FROM jobs
                         WHERE kind = 'sync_status' AND key = $1::bigint::text AND state = 'available'
                           AND behind IS NOT NULL
                         FOR UPDATE SKIP LOCKED))
        INSERT INTO jobs (kind, key, payload, max_attempts)
        VALUES ('sync_status', $1::bigint::text, jsonb_build_object('status', $1::bigint), $2)
        ON CONFLICT (key) WHERE kind = 'sync_status' AND state = 'available' DO NOTHING)sql";
    tx.exec_params0(kEnqueueSync, status_id, kDayOfTries);
}

void enqueue_resync(pqxx::transaction_base& tx, std::int64_t run_id) {
    enqueue_job(
        tx,
        {job_kind::kResync, std::to_string(run_id), nlohmann::json{{"run", run_id}}.dump(), kResyncAttempts});
}

void enqueue_status_check(pqxx::transaction_base& tx, std::int64_t status_id) {
    static const std::string kDropWaiting =
        "DELETE FROM jobs WHERE kind = 'check_status' AND key = $1::bigint::text AND state = 'available'";
    static const std::string kEnqueueCheck = R"sql(
        INSERT INTO jobs (kind, key, payload, max_attempts, run_at)
        VALUES ('check_status', $1::bigint::text, jsonb_build_object('status', $1::bigint), $2,
                now() + interval '2 minutes'))sql";
    tx.exec_params0(kDropWaiting, status_id);
    tx.exec_params0(kEnqueueCheck, status_id, kResyncAttempts);
}

std::vector<Job> claim_jobs(pqxx::transaction_base& tx,
                            int worker_id,
                            const std::vector<std::string>& kinds,
                            int limit,
                            std::chrono::milliseconds lease) {
    // So that a planner without statistics, too, walks jobs_available in order and stops early: no sort, no
    // bitmap; OFFSET 0 keeps both questions one probe of a partial index for each job looked at (no join over
    // the whole queue), coalesce keeps jobs_in_order out of the outer scan.
    static const std::string kWalkInOrder =
        "SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off";
    static const std::string kClaim = R"sql(
        WITH next AS (
            SELECT id FROM jobs j
            WHERE state = 'available' AND run_at <= now() AND coalesce(kind, '') = ANY ($2::text[])
              AND NOT EXISTS (SELECT 1 FROM jobs earlier
                              WHERE earlier.kind = j.kind AND earlier.key = j.key AND earlier.id < j.id
                                AND earlier.state = 'available' OFFSET 0)
              AND NOT EXISTS (SELECT 1 FROM jobs running
                              WHERE running.kind = j.kind AND running.key = j.key
                                AND running.state = 'running' OFFSET 0)
            ORDER BY run_at, id LIMIT $3
            FOR UPDATE SKIP LOCKED)
        UPDATE jobs SET state = 'running', attempt = attempt + 1, worker_id = $1, behind = NULL,
                        lease_until = now() + $4 * interval '1 millisecond'
        FROM next WHERE jobs.id = next.id
        RETURNING jobs.id, kind, key, payload, attempt, failures, max_attempts, repeats)sql";
    std::vector<Job> jobs;
    tx.exec0(kWalkInOrder);
    for (const pqxx::row& row : tx.exec_params(
             kClaim, worker_id, array_text(kinds), limit, static_cast<std::int64_t>(lease.count())))
        jobs.push_back(read_job(row));
    std::sort(jobs.begin(), jobs.end(), [](const Job& a, const Job& b) { return a.id < b.id; });
    return jobs;
}

std::optional<std::chrono::milliseconds> next_job_in(pqxx::transaction_base& tx,
                                                     const std::vector<std::string>& kinds) {
    static const std::string kNext = R"sql(
        SELECT ceil(1000 * extract(epoch FROM run_at - clock_timestamp()))::bigint FROM jobs
        WHERE state = 'available' AND run_at > now() AND coalesce(kind, '') = ANY ($1::text[]) ORDER BY run_at LIMIT 1)sql";
    const pqxx::result rows = tx.exec_params(kNext, array_text(kinds));
    if (rows.empty()) return std::nullopt;
    return std::chrono::milliseconds(std::max<std::int64_t>(0, rows[0][0].as<std::int64_t>()));
}

void guard_job(pqxx::transaction_base& tx, const Job& job) {
    if (!lock_job(tx, job)) throw lost(job);
}

void complete_job(pqxx::transaction_base& tx, const Job& job) {
    static const std::string kComplete =
        "DELETE FROM jobs WHERE id = $1 AND attempt = $2 AND state = 'running'";
    must_be_ours(tx.exec_params(kComplete, job.id, job.attempt), job);
}

void retry_job_later(pqxx::transaction_base& tx,
                     const Job& job,
                     const std::string& error,
                     std::chrono::milliseconds delay) {
    let_wait(tx, job, error, delay, 1);
}

void postpone_job(pqxx::transaction_base& tx,
                  const Job& job,
                  const std::string& why,
                  std::chrono::milliseconds delay) {
    let_wait(tx, job, why, delay, 0);
}

void let_wait_behind(pqxx::transaction_base& tx,
                     const Job& job,
                     std::int64_t status_id,
                     const std::string& why,
                     std::chrono::milliseconds delay) {
    static const std::string kPutBehind = "UPDATE jobs SET behind = $2 WHERE id = $1";
    let_wait(tx, job, why, delay, 0);
    tx.exec_params0(kPutBehind, job.id, status_id);
}

void wake_those_behind(pqxx::transaction_base& tx, std::int64_t status_id) {
    // One that is locked is being claimed: its attempt will look, and wait for what this transaction says.
    static const std::string kWake = R"sql(
        UPDATE jobs SET run_at = now(), behind = NULL
        WHERE id IN (SELECT id FROM jobs WHERE behind = $1 AND state = 'available' FOR UPDATE SKIP LOCKED)
        RETURNING pg_notify('heddle_jobs', ''))sql";
    tx.exec_params(kWake, status_id);
}

void give_back_job(pqxx::transaction_base& tx, const Job& job) {
    static const std::string kGiveBack = R"sql(
        UPDATE jobs SET state = 'available', lease_until = NULL, worker_id = NULL
        WHERE id = $1 AND attempt = $2 AND state = 'running'
        RETURNING pg_notify('heddle_jobs', ''))sql";
    if (!lock_job(tx, job)) return;
    drop_waiting_twin(tx, job);
    tx.exec_params(kGiveBack, job.id, job.attempt);
}

void mark_job_dead(pqxx::transaction_base& tx, const Job& job, const std::string& error) {
    static const std::string kDead = R"sql(
        UPDATE jobs SET state = 'dead', lease_until = NULL, worker_id = NULL, failures = failures + 1, error = $3
        WHERE id = $1 AND attempt = $2 AND state = 'running')sql";
    must_be_ours(tx.exec_params(kDead, job.id, job.attempt, storable_text(error)), job);
}

std::vector<std::int64_t> renew_leases(pqxx::transaction_base& tx,
                                       int worker_id,
                                       const std::vector<std::int64_t>& ids,
                                       std::chrono::milliseconds lease) {
    static const std::string kRenew = R"sql(
        UPDATE jobs SET lease_until = clock_timestamp() + $3 * interval '1 millisecond'
        WHERE id IN (SELECT id FROM jobs
                     WHERE id = ANY ($2::bigint[]) AND worker_id = $1 AND state = 'running'
                     FOR UPDATE SKIP LOCKED)
        RETURNING id)sql";
    std::vector<std::int64_t> left = ids;
    for (const pqxx::row& row :
         tx.exec_params(kRenew, worker_id, array_text(ids), static_cast<std::int64_t>(lease.count())))
        std::erase(left, row[0].as<std::int64_t>());
    return left;
}

void renew_locked_lease(pqxx::transaction_base& tx,
                        int worker_id,
                        std::int64_t id,
                        std::chrono::milliseconds lease,
                        std::chrono::milliseconds patience) {
    static const std::string kRenewOne = R"sql(
        UPDATE jobs SET lease_until = clock_timestamp() + $3 * interval '1 millisecond'
        WHERE id = $2 AND worker_id = $1 AND state = 'running')sql";
    limit_statements(tx, patience);
    tx.exec_params0(kRenewOne, worker_id, id, static_cast<std::int64_t>(lease.count()));
}

std::optional<std::int64_t> find_payload_number(const Job& job, const std::string& name) {
    const auto payload = nlohmann::json::parse(job.payload);
    const auto found = payload.find(name);
    if (found == payload.end() || !found->is_number_integer()) return std::nullopt;
    return found->get<std::int64_t>();
}

bool payload_flag(const Job& job, const std::string& name) {
    const auto payload = nlohmann::json::parse(job.payload);
    return payload.contains(name) && payload[name] == true;
}

std::string payload_text(const Job& job, const std::string& name) {
    const auto payload = nlohmann::json::parse(job.payload);
    const auto found = payload.find(name);
    if (found == payload.end() || !found->is_string())
        throw std::logic_error("job " + std::to_string(job.id) + " has no text \"" + name +
                               "\" in its payload");
    return found->get<std::string>();
}

std::int64_t payload_number(const Job& job, const std::string& name) {
    const auto number = find_payload_number(job, name);
    if (!number)
        throw std::logic_error("job " + std::to_string(job.id) + " has no number \"" + name +
                               "\" in its payload");
    return *number;
}

}  // namespace heddle
