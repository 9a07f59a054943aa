// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
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

/// A run whose last try failed and whose next one waits for its time.
struct RunWait {
    int failures = 0;
    int max_attempts = 0;
    std::string since;    // when the first try began: RFC 3339, UTC
    std::string next_at;  // the same
    std::string error;    // of the last try

    /// "3 of 15 tries failed since ..., the next one comes at ...; the last one: ..."
    std::string in_words() const;
};

/// Everything that is known about a run: its present attempt and the statuses that it spoke for. Command line
/// and pages tell it, each in its own way.
struct RunStory {
    WorkflowRun run;
    std::vector<StoredStep> steps;
    std::vector<ReportedStatus> statuses;
    std::optional<RunWait> wait;
};

/// nullopt: there is no such run.
std::optional<RunStory> read_run_story(pqxx::transaction_base& tx, std::int64_t run_id);
/// In a transaction of its own.
std::optional<RunStory> read_run_story(Pool& pool, std::int64_t run_id);

}  // namespace heddle
