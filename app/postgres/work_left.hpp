// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pqxx/pqxx>
#include <string>
#include <vector>

namespace heddle {

/// What the queue still holds, dead jobs apart.
struct WorkLeft {
    int jobs = 0;
    int late_reports = 0;  // of the jobs: sync_status that failed before and waits for its retry
    std::vector<std::string>
        errors;  // of jobs that wait for their retry: "sync_status: the reference is locked"
};

WorkLeft work_left(pqxx::transaction_base& tx);

}  // namespace heddle
