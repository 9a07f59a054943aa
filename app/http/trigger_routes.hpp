// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/http/metrics.hpp"
#include "app/http/refusals.hpp"
#include "app/http/routes.hpp"
#include "app/inbox/inbox.hpp"

namespace heddle {

/// What the endpoint needs of Inbox.
struct InboxDoor {
    std::function<std::variant<TokenClaim, InboxAnswer>(const WebhookHeaders& headers,
                                                        const std::optional<std::string>& id)>
        find_token;
    std::function<InboxAnswer(const TokenClaim& claim, const WebhookHeaders& headers, std::string_view body)>
        accept;
};

/// POST /trigger/workflow?id=N, with OBS's answers and codes (reference 1.3), as JSON where it is asked for.
/// A request whose token is unknown is refused before its body is read. The references must outlive the
/// routes.
std::vector<Route> trigger_routes(InboxDoor inbox, Refusals& refusals, Metrics& metrics);

}  // namespace heddle
