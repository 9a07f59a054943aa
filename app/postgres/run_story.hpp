// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <vector>

#include "app/postgres/pool.hpp"
#include "app/postgres/report_store.hpp"
#include "app/postgres/run_store.hpp"
#include "app/postgres/status_store.hpp"
#include "app/postgres/step_store.hpp"

namespace heddle {

struct ReportedStatus {
    StoredStatus status;
    std::vector<StatusReport> reports;  // in order of time
};

/// Everything that is known about a run: its present attempt and the statuses that it spoke for. Command line
/// and pages tell it, each in its own way.
struct RunStory {
    WorkflowRun run;
    std::vector<StoredStep> steps;
    std::vector<ReportedStatus> statuses;
};

/// nullopt: there is no such run.
std::optional<RunStory> read_run_story(pqxx::transaction_base& tx, std::int64_t run_id);
/// In a transaction of its own.
std::optional<RunStory> read_run_story(Pool& pool, std::int64_t run_id);

}  // namespace heddle
