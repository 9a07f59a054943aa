// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/jobs/chores.hpp"
#include "app/jobs/job_failure.hpp"
#include "app/jobs/job_guard.hpp"
#include "app/jobs/retry_policy.hpp"
#include "app/jobs/wakeup.hpp"
#include "app/jobs/worker_session.hpp"

namespace heddle {

struct RunnerOptions {
    int runners = 4;   // jobs at a time
    int prefetch = 0;  // claimed beyond that: fewer round trips, but others can't have them
    RetryPolicy retry;
    WorkerSessionOptions session;
    std::chrono::milliseconds poll{5'000};    // at least so often: NOTIFY is only a hint
    std::chrono::milliseconds rescue{5'000};  // how often dead workers are looked for
    std::chrono::milliseconds grace{8'000};   // at a stop: so long may running jobs go on
    std::vector<Chore> chores;                // done beside the jobs
};

/// Runs jobs: claims in one transaction, works outside any, records in another one through the guard. Any
/// number of processes may do so on one database. The pool needs room for `runners` + 2 connections; two more
/// are the runner's own.
class JobRunner {
public:
    JobRunner(Pool& pool, RunnerOptions options, JobHandlers handlers);
    ~JobRunner();  // stops
    JobRunner(const JobRunner&) = delete;
    JobRunner& operator=(const JobRunner&) = delete;

    /// Throws pqxx::broken_connection when the database can't be reached. A second start does nothing.
    void start();
    /// Claims nothing more, lets running jobs go on for the grace time, gives back what is in hand, then
    /// waits until the handlers have noticed (their remote calls have deadlines). Safe to repeat, and before
    /// start.
    void stop();

private:
    void claim_loop(const std::stop_token& stop);
    std::chrono::milliseconds claim_some();
    int free_hands() const;
    void work_loop(const std::stop_token& stop);
    void run_one(const Job& job);
    void record_failure(const Job& job, const JobFailure& failure);
    void give_back(const std::vector<Job>& jobs);
    std::vector<Job> wait_for_hands();
    std::vector<std::int64_t> ids_in_hand() const;

    Pool& pool_;
    RunnerOptions options_;
    JobHandlers handlers_;
    std::vector<std::string> kinds_;

    mutable std::mutex mutex_;
    std::condition_variable_any ready_or_idle_;
    std::deque<Job> ready_;                // claimed, not begun
    std::map<std::int64_t, Job> running_;  // begun
    Wakeup wakeup_;

    std::mutex lifecycle_;
    std::stop_source stopping_;
    std::unique_ptr<WorkerSession> session_;
    std::unique_ptr<Chores> chores_;
    std::vector<std::jthread> workers_;
    std::jthread claimer_;
};

}  // namespace heddle
