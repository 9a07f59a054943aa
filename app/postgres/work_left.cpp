// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/work_left.hpp"

#include "app/postgres/job_store.hpp"

namespace heddle {

WorkLeft work_left(pqxx::transaction_base& tx) {
    static const std::string kWorkLeft =
        "SELECT kind, failures, error FROM jobs WHERE state IN ('available', 'running') ORDER BY id";
    WorkLeft left;
    for (const auto& row : tx.exec_params(kWorkLeft)) {
        ++left.jobs;
        if (row["failures"].as<int>() == 0) continue;
        if (row["kind"].as<std::string>() == job_kind::kSyncStatus) ++left.late_reports;
        left.errors.push_back(row["kind"].as<std::string>() + ": " + row["error"].as<std::string>());
    }
    return left;
}

}  // namespace heddle
