// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/rescuer.hpp"

#include <spdlog/spdlog.h>

#include "app/jobs/burial.hpp"
#include "app/jobs/job_log.hpp"
#include "app/postgres/worker_store.hpp"

namespace heddle {
namespace {

std::string why_hopeless(const Job& job) {
    return "it was left unfinished " + std::to_string(job.repeats + 1) +
           " times by workers that died or hung";
}

}  // namespace

int rescue(Pool& pool, const JobHandlers& handlers) {
    constexpr int kBatch = 500;
    const Rescue done = in_transaction(pool, [&](pqxx::work& tx) {
        Rescue rescue = rescue_jobs(tx, kBatch);
        for (const Job& job : rescue.hopeless) bury(tx, job, handlers, why_hopeless(job));
        drop_dead_workers(tx);
        return rescue;
    });
    for (const Job& job : done.returned)
        spdlog::info("{}",
                     about_job("job_given_back", job)
                         .add("repeats", job.repeats + 1)
                         .add("because", "its worker died or hung")
                         .text());
    for (const Job& job : done.hopeless) log_dead(job, why_hopeless(job));
    return static_cast<int>(done.returned.size());
}

}  // namespace heddle
