// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>

#include "app/postgres/job_store.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {

/// A handler noticed that the program stops and left its work for another process.
struct GaveWay : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The job can do nothing before a time that is known: it waits, and that is no failure.
struct Postponed : std::runtime_error {
    Postponed(const std::string& why, std::chrono::milliseconds wait) : std::runtime_error(why), wait(wait) {}

    std::chrono::milliseconds wait;
};

/// The only way in which a handler writes: each transaction holds the job's row and rolls back with JobLost
/// once the attempt no longer owns it. Belongs to the thread that runs the job.
class JobGuard {
public:
    JobGuard(Pool& pool, Job job, std::stop_token stopping)
        : pool_(pool), job_(std::move(job)), stopping_(std::move(stopping)) {}

    const Job& job() const { return job_; }
    Pool& pool() const { return pool_; }

    /// Runs body(tx) in one guarded transaction and returns what it returns. `body` may run more than once.
    template <class Body>
    auto record(Body&& body) {
        return in_transaction(pool_, [&](pqxx::work& tx) {
            guard_job(tx, job_);
            return body(tx);
        });
    }

    /// The last transaction: what body(tx) records and the end of the job are one.
    template <class Body>
    void finish(Body&& body) {
        in_transaction(pool_, [&](pqxx::work& tx) {
            complete_job(tx, job_);
            body(tx);
        });
        finished_ = true;
    }
    void finish() {
        finish([](pqxx::work&) {});
    }
    /// After a record() whose body put the job back into the queue: this attempt has ended with it.
    void end_with_record() { finished_ = true; }
    bool finished() const { return finished_; }

    /// Between two pieces of work: throws GaveWay when the program stops.
    void give_way() const {
        if (stopping_.stop_requested()) throw GaveWay("the program stops");
    }

private:
    Pool& pool_;
    Job job_;
    std::stop_token stopping_;
    bool finished_ = false;
};

/// What is done for one kind of job.
struct JobHandler {
    /// Must end with guard.finish(), or throw. Called by several threads at once.
    std::function<void(const Job& job, JobGuard& guard)> run;
    /// In the transaction that buries the job, before bury_job ends what depends on it; may be empty.
    std::function<void(pqxx::transaction_base& tx, const Job& job, const std::string& reason)> died;
};

using JobHandlers = std::map<std::string, JobHandler>;  // by kind

}  // namespace heddle
