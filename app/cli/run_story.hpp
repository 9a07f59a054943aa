// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/postgres/run_story.hpp"

namespace heddle {

/// For people: several lines, told from the event to the reports.
std::string tell(const RunStory& story);
/// What can change, each with a name that stays: who follows a run prints what is new.
std::vector<std::pair<std::string, std::string>> news(const RunStory& story);

/// For programs: one object; an array of objects without steps and statuses.
std::string to_json(const RunStory& story);
std::string to_json(const std::vector<WorkflowRun>& runs);

}  // namespace heddle
