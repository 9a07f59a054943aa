// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/job_runner.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "app/jobs/burial.hpp"
#include "app/jobs/job_log.hpp"
#include "app/jobs/rescuer.hpp"
#include "app/postgres/database_trouble.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

/// A sync_status goes back to waiting while somebody enqueues its twin, unseen yet: look again.
template <class Body>
void record_past_twins(Pool& pool, const Body& body) {
    for (int tries = 1;; ++tries) {
        try {
            return in_transaction(pool, body);
        } catch (const pqxx::unique_violation&) {
            if (tries == 5) throw;
        }
    }
}

void log(std::string_view what, const Job& job, const std::string& why) {
    spdlog::info("{}", about_job(what, job).add("because", why).text());
}

void log_retry(const Job& job, const std::string& error, std::chrono::milliseconds wait) {
    spdlog::info("{}",
                 about_job("job_retried", job)
                     .add("failures", job.failures + 1)
                     .add("of", job.max_attempts)
                     .add("wait_ms", wait.count())
                     .add("error", error)
                     .text());
}

}  // namespace

JobRunner::JobRunner(Pool& pool, RunnerOptions options, JobHandlers handlers)
    : pool_(pool), options_(std::move(options)), handlers_(std::move(handlers)) {
    for (const auto& [kind, handler] : handlers_) kinds_.push_back(kind);
}

JobRunner::~JobRunner() { stop(); }

void JobRunner::start() {
    const std::lock_guard lock(lifecycle_);
    if (session_) return;
    session_ = std::make_unique<WorkerSession>(
        pool_.url(), options_.session, [this] { return ids_in_hand(); }, [this] { wakeup_.ring(); });
    stopping_ = std::stop_source();
    std::vector<Chore> chores = options_.chores;
    chores.insert(chores.begin(), {"rescuing jobs", options_.rescue, [this] { rescue(pool_, handlers_); }});
    chores_ = std::make_unique<Chores>(std::move(chores));
    for (int i = 0; i < options_.runners; ++i)
        workers_.emplace_back([this, stop = stopping_.get_token()] { work_loop(stop); });
    claimer_ = std::jthread([this, stop = stopping_.get_token()] { claim_loop(stop); });
}

void JobRunner::stop() {
    const std::lock_guard lock(lifecycle_);
    if (!session_) return;
    stopping_.request_stop();
    claimer_.join();
    give_back(wait_for_hands());
    workers_.clear();
    chores_.reset();
    session_.reset();
}

void JobRunner::claim_loop(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        try {
            const std::chrono::milliseconds rest = claim_some();
            if (rest.count() > 0) wakeup_.wait_for(stop, rest);
        } catch (const pqxx::unique_violation&) {
            continue;  // another process took the same key at the same moment
        } catch (const std::exception& error) {
            spdlog::warn("jobs can't be claimed: {}", in_one_sentence(error));
            wakeup_.wait_for(stop, std::chrono::milliseconds(1'000));
        }
    }
}

/// Fills the free hands; returns how long there will be nothing to do unless somebody rings.
std::chrono::milliseconds JobRunner::claim_some() {
    const int room = free_hands();
    if (room <= 0) return options_.poll;
    std::optional<std::chrono::milliseconds> next;
    const std::vector<Job> jobs = in_transaction(pool_, [&](pqxx::work& tx) {
        std::vector<Job> claimed =
            claim_jobs(tx, session_->worker_id(), kinds_, room, options_.session.lease);
        next.reset();
        if (static_cast<int>(claimed.size()) < room) next = next_job_in(tx, kinds_);
        return claimed;
    });
    {
        const std::lock_guard lock(mutex_);
        ready_.insert(ready_.end(), jobs.begin(), jobs.end());
    }
    ready_or_idle_.notify_all();
    return std::min(options_.poll, next.value_or(options_.poll));
}

int JobRunner::free_hands() const {
    const std::lock_guard lock(mutex_);
    return options_.runners + options_.prefetch - static_cast<int>(ready_.size() + running_.size());
}

void JobRunner::work_loop(const std::stop_token& stop) {
    for (;;) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            if (!ready_or_idle_.wait(lock, stop, [&] { return !ready_.empty(); })) return;
            if (stop.stop_requested()) return;  // what is ready is given back
            job = std::move(ready_.front());
            ready_.pop_front();
            running_.emplace(job.id, job);
        }
        run_one(job);
        {
            const std::lock_guard lock(mutex_);
            running_.erase(job.id);
        }
        ready_or_idle_.notify_all();
        wakeup_.ring();  // there is room, and the next of its key may start
    }
}

void JobRunner::run_one(const Job& job) {
    try {
        JobGuard guard(pool_, job, stopping_.get_token());
        handlers_.at(job.kind).run(job, guard);
        if (!guard.finished())
            throw std::logic_error("the handler of " + job.kind + " did not finish the job");
    } catch (...) {
        record_failure(job, judge_failure(std::current_exception()));
    }
}

void JobRunner::record_failure(const Job& job, const JobFailure& failure) {
    using Verdict = JobFailure::Verdict;
    if (failure.is_bug)
        spdlog::error("job {} ({} {}): {}", job.id, job.kind, job.key, one_line(failure.message));
    if (failure.verdict == Verdict::Lost) return log("job_lost", job, failure.message);
    const bool dies =
        failure.verdict == Verdict::Bury || (failure.verdict == Verdict::Retry && job.last_try());
    const auto wait = failure.verdict == Verdict::Postpone
                          ? options_.retry.after_pause(failure.wait)
                          : options_.retry.wait_after(job.failures + 1, failure.retry_after);
    try {
        record_past_twins(pool_, [&](pqxx::work& tx) {
            if (dies)
                bury(tx, job, handlers_, failure.message);
            else if (failure.verdict == Verdict::GiveBack)
                give_back_job(tx, job);
            else if (failure.verdict == Verdict::Postpone)
                postpone_job(tx, job, failure.message, wait);
            else
                retry_job_later(tx, job, failure.message, wait);
        });
        if (dies)
            log_dead(job, failure.message);
        else if (failure.verdict == Verdict::GiveBack)
            log("job_given_back", job, failure.message);
        else if (failure.verdict == Verdict::Postpone)
            log_postponed(job, failure.message);
        else
            log_retry(job, failure.message, wait);
    } catch (const JobLost& lost) {
        log("job_lost", job, lost.what());
    } catch (const std::exception& error) {
        // Its lease runs out, then the rescuer gives it back.
        spdlog::warn("job {}: \"{}\" can't be recorded: {}",
                     job.id,
                     one_line(failure.message),
                     in_one_sentence(error));
    }
}

/// Waits until nothing runs, for the grace time; returns what is still in hand.
std::vector<Job> JobRunner::wait_for_hands() {
    std::unique_lock lock(mutex_);
    std::vector<Job> left(ready_.begin(), ready_.end());
    ready_.clear();
    lock.unlock();
    give_back(left);
    lock.lock();
    ready_or_idle_.wait_for(lock, options_.grace, [&] { return running_.empty(); });
    left.clear();
    for (const auto& [id, job] : running_) left.push_back(job);
    return left;
}

void JobRunner::give_back(const std::vector<Job>& jobs) {
    try {
        for (const Job& job : jobs) in_transaction(pool_, [&](pqxx::work& tx) { give_back_job(tx, job); });
    } catch (const std::exception& error) {
        spdlog::warn("jobs can't be given back, their leases run out: {}", in_one_sentence(error));
    }
}

std::vector<std::int64_t> JobRunner::ids_in_hand() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::int64_t> ids;
    for (const Job& job : ready_) ids.push_back(job.id);
    for (const auto& [id, job] : running_) ids.push_back(id);
    return ids;
}

}  // namespace heddle
