// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/postgres/job_store.hpp"
#include "app/postgres/run_store.hpp"
#include "app/postgres/status_store.hpp"
#include "workflows/model/log_line.hpp"

namespace heddle {

// What jobs do, in the log: each line is said after the commit of what it says, on level info.

/// Begins a line about a job: its id and kind, and the run, commit status or build event that it is about.
LogLine about_job(std::string_view what, const Job& job);

/// The job will never be run again by itself.
void log_dead(const Job& job, const std::string& reason);

/// It could do nothing yet, and waits.
void log_postponed(const Job& job, const std::string& why);

/// An attempt of a run begins, or is taken up again. `delivery`: that started the run.
void log_run_started(const Job& job, const WorkflowRun& run, const std::optional<std::int64_t>& delivery);
void log_run_ended(const Job& job,
                   const WorkflowRun& run,
                   const std::optional<std::int64_t>& delivery,
                   RunStatus status,
                   const std::string& message);

/// What became of one attempt to tell a forge. `error` empty: nothing went wrong.
void log_report(std::string_view what,
                const Job& job,
                const StoredStatus& status,
                const StatusOrigin& origin,
                std::int64_t report,
                const std::string& error);

}  // namespace heddle
