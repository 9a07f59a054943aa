// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "app/postgres/job_store.hpp"

namespace heddle {

/// Makes the job a dead letter and ends, in the same transaction, what nobody would end otherwise: the run of
/// run_workflows fails with its pending words; a build whose event can't be handled is no longer pending; a
/// status that can't be sent is given up. Throws JobLost.
void bury_job(pqxx::transaction_base& tx, const Job& job, const std::string& reason);

/// What a run leaves behind when it ends without its last words: running steps, answers that never came.
void clear_run_remains(pqxx::transaction_base& tx, std::int64_t run_id, const std::string& reason);

struct ListedJob {
    Job job;
    std::string state;  // available, running, dead
    std::string error;  // of the last attempt that failed
    std::string run_at;
    std::string created_at;
};

/// Dead ones first, then in order of id.
std::vector<ListedJob> list_jobs(pqxx::transaction_base& tx, int limit);

/// Makes a dead job, or one that waits for its retry, available at once, with all its attempts; the run of a
/// dead run_workflows goes on. False: there is no such job.
bool retry_job(pqxx::transaction_base& tx, std::int64_t id);

/// Deletes a job that does not run now, and ends what depended on it. False: there is no such job.
bool discard_job(pqxx::transaction_base& tx, std::int64_t id);

}  // namespace heddle
