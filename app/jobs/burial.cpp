// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/burial.hpp"

#include "app/postgres/job_end.hpp"

namespace heddle {

void bury(pqxx::transaction_base& tx,
          const Job& job,
          const JobHandlers& handlers,
          const std::string& reason) {
    guard_job(tx, job);
    const auto handler = handlers.find(job.kind);
    if (handler != handlers.end() && handler->second.died) handler->second.died(tx, job, reason);
    bury_job(tx, job, reason);
}

}  // namespace heddle
