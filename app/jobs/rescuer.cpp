// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/rescuer.hpp"

#include <spdlog/spdlog.h>

#include "app/jobs/burial.hpp"
#include "app/postgres/worker_store.hpp"

namespace heddle {

int rescue(Pool& pool, const JobHandlers& handlers) {
    constexpr int kBatch = 500;
    const Rescue done = in_transaction(pool, [&](pqxx::work& tx) {
        Rescue rescue = rescue_jobs(tx, kBatch);
        for (const Job& job : rescue.hopeless)
            bury(tx,
                 job,
                 handlers,
                 "it was left unfinished " + std::to_string(job.repeats + 1) +
                     " times by workers that died or hung");
        drop_dead_workers(tx);
        return rescue;
    });
    if (done.returned > 0) spdlog::info("{} unfinished jobs of dead workers were given back", done.returned);
    return done.returned;
}

}  // namespace heddle
