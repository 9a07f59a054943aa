// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
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

/// Everything that is known about a run: its present attempt and the statuses that it spoke for.
struct RunStory {
    WorkflowRun run;
    std::vector<StoredStep> steps;
    std::vector<ReportedStatus> statuses;
};

/// nullopt: there is no such run.
std::optional<RunStory> read_run_story(Pool& pool, std::int64_t run_id);

/// For people: several lines, told from the event to the reports.
std::string tell(const RunStory& story);
/// What can change, each with a name that stays: who follows a run prints what is new.
std::vector<std::pair<std::string, std::string>> news(const RunStory& story);

/// "pull request #7 opened" and the like.
std::string in_words(const ScmEvent& event);

/// For programs: one object; an array of objects without steps and statuses.
std::string to_json(const RunStory& story);
std::string to_json(const std::vector<WorkflowRun>& runs);

}  // namespace heddle
