// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "workflows/plan.hpp"
#include "workflows/webhooks/webhook.hpp"

namespace heddle {

/// What `heddle plan` found out.
struct PlanAnswer {
    ParsedWebhook webhook;
    bool has_definition = false;
    Problems problems;  // of the definition with this event
    Problems warnings;
    Plan plan;
};

/// The JSON of `plan --json` (design 6.2), one line. Without a definition its problems and workflows are
/// null.
std::string plan_json(const PlanAnswer& answer);

/// The same for people. `definition`: the file's name, for the places of its problems.
std::string plan_story(const PlanAnswer& answer, const std::string& definition);

}  // namespace heddle
