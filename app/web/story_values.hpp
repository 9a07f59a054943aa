// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/postgres/run_evidence_store.hpp"
#include "app/postgres/run_story.hpp"
#include "app/web/values.hpp"

namespace heddle {

/// All that the page of a run tells.
struct ShownRun {
    RunStory story;
    std::vector<RunDelivery> deliveries;
    std::vector<BuildOfRun> builds;
    std::vector<std::vector<StoredStep>> past_attempts;  // newest first
    std::string forge_web_url;                           // where links to the forge may lead
};

/// "#12: pull request #7 opened in ann/demo".
std::string title_of(const WorkflowRun& run);

/// For the template `run`.
Values story_values(const ShownRun& shown);

}  // namespace heddle
