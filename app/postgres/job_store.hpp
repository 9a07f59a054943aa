// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <stdexcept>
#include <string>
#include <vector>

namespace heddle {

/// The kinds of jobs, as they stand in the table.
namespace job_kind {
inline const std::string kRunWorkflows = "run_workflows";
inline const std::string kBuildEvent = "build_event";
inline const std::string kSyncStatus = "sync_status";
inline const std::string kResync = "resync";
inline const std::string kCheckStatus = "check_status";
inline const std::string kReconcile = "reconcile";
inline const std::string kReconcileRequests = "reconcile_requests";
}  // namespace job_kind

/// With the waits of the default RetryPolicy, which grow to ten minutes, about a day: so long may a forge or
/// a build service be away before what was to be done there is given up.
inline constexpr int kDayOfTries = 150;

struct NewJob {
    std::string kind;
    std::string key;             // jobs of one kind and key run in order, one at a time
    std::string payload = "{}";  // JSON
    int max_attempts = 8;        // failures before it is dead
};

/// A job as it was claimed. `attempt` is the fence: it grows with every claim.
struct Job {
    std::int64_t id = 0;
    std::string kind;
    std::string key;
    std::string payload;
    int attempt = 0;
    int failures = 0;
    int max_attempts = 1;
    int repeats = 0;

    /// Will one more failure be its end?
    bool last_try() const { return failures + 1 >= max_attempts; }
};

/// A row with the columns of `jobs`.
Job read_job(const pqxx::row& row);

/// The job is no longer ours: its lease ran out, it was given back or discarded. What was about to be
/// recorded must not be.
struct JobLost : std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::int64_t enqueue_job(pqxx::transaction_base& tx, const NewJob& job);
/// One waiting job per commit status is enough: it sends the newest version, and no longer waits behind
/// another status.
void enqueue_sync_status(pqxx::transaction_base& tx, std::int64_t status_id);

/// Takes up to `limit` jobs whose time has come and whose key is free, oldest first, for `lease`. Only of the
/// given kinds. Throws pqxx::unique_violation when another process took the same key at the same moment:
/// nothing was claimed then, ask again.
std::vector<Job> claim_jobs(pqxx::transaction_base& tx,
                            int worker_id,
                            const std::vector<std::string>& kinds,
                            int limit,
                            std::chrono::milliseconds lease);
/// Milliseconds until the next waiting job of these kinds may start; nullopt: none waits for its time.
std::optional<std::chrono::milliseconds> next_job_in(pqxx::transaction_base& tx,
                                                     const std::vector<std::string>& kinds);

/// Locks the job's row until the transaction ends. Throws JobLost unless it is still this attempt's.
void guard_job(pqxx::transaction_base& tx, const Job& job);
/// Deletes the job in the transaction that records what it did. Throws JobLost.
void complete_job(pqxx::transaction_base& tx, const Job& job);
/// Counts a failure; the job waits for `delay` and blocks its key meanwhile. Throws JobLost.
void retry_job_later(pqxx::transaction_base& tx,
                     const Job& job,
                     const std::string& error,
                     std::chrono::milliseconds delay);
/// The same without counting: nothing could be done yet, and nothing went wrong. Throws JobLost.
void postpone_job(pqxx::transaction_base& tx,
                  const Job& job,
                  const std::string& why,
                  std::chrono::milliseconds delay);
/// The same until that commit status is told or given up (wake_those_behind()), or changes itself; at the
/// latest for `delay`. Throws JobLost.
void let_wait_behind(pqxx::transaction_base& tx,
                     const Job& job,
                     std::int64_t status_id,
                     const std::string& why,
                     std::chrono::milliseconds delay);
/// Lets go those that wait behind a commit status.
void wake_those_behind(pqxx::transaction_base& tx, std::int64_t status_id);
/// Back into the queue without counting, at a stop. Does nothing when the job was lost.
void give_back_job(pqxx::transaction_base& tx, const Job& job);
/// The dead letter: kept, never run again by itself. Throws JobLost. Callers use bury_job (job_end.hpp),
/// which also ends what depended on it.
void mark_job_dead(pqxx::transaction_base& tx, const Job& job, const std::string& error);
/// Extends the leases of those of the given jobs that the worker still has. Never waits: returns those that
/// are locked at this moment, as a job that is just being recorded, or that the worker no longer has.
std::vector<std::int64_t> renew_leases(pqxx::transaction_base& tx,
                                       int worker_id,
                                       const std::vector<std::int64_t>& ids,
                                       std::chrono::milliseconds lease);
/// The same for one job, in a transaction of its own: waits for the row for as long as `patience`, then
/// throws pqxx::sql_error (is_cut_off).
void renew_locked_lease(pqxx::transaction_base& tx,
                        int worker_id,
                        std::int64_t id,
                        std::chrono::milliseconds lease,
                        std::chrono::milliseconds patience);

/// Compares what the forge shows for the statuses of a run with what it should, and mends it.
void enqueue_resync(pqxx::transaction_base& tx, std::int64_t run_id);

/// The same for one status, in two minutes: by then a request that was given up has arrived, or never will.
void enqueue_status_check(pqxx::transaction_base& tx, std::int64_t status_id);

/// A number of the payload, where it is there.
std::optional<std::int64_t> find_payload_number(const Job& job, const std::string& name);
/// Is a flag of the payload there, and true?
bool payload_flag(const Job& job, const std::string& name);
/// A text of the payload. Throws std::logic_error when it is not there.
std::string payload_text(const Job& job, const std::string& name);
/// A number of the payload. Throws std::logic_error when it is not there.
std::int64_t payload_number(const Job& job, const std::string& name);

}  // namespace heddle
