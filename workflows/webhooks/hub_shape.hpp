// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "workflows/webhooks/webhook_reading.hpp"

namespace heddle {

/// Where forges whose payloads have one shape (`pull_request.head.sha`, `repository.full_name`, a push with
/// `ref` and `after`; reference 2.3) differ from each other.
struct HubRules {
    /// What an action means; `merged`: the closed pull request went in. nullopt: it starts nothing.
    std::optional<PullRequestKind> (*kind_of)(std::string_view action, bool merged);
    BranchRequestForm branch_request = BranchRequestForm::ByCloneUrl;
};

/// Reads `pull_request`, `push` and `ping` of that shape; ignores every other event.
WebhookReading read_hub_event(std::string_view event_name, Payload& payload, const HubRules& rules);

}  // namespace heddle
