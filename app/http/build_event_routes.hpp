// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/http/metrics.hpp"
#include "app/http/refusals.hpp"
#include "app/http/routes.hpp"
#include "app/inbox/build_event_intake.hpp"

namespace heddle {

/// What the endpoint needs of BuildEventIntake.
struct BuildEventDoor {
    std::function<std::optional<BuildEventKey>(const std::string& key)> find_key;
    std::function<IntakeAnswer(const BuildEventKey& key, std::string_view body)> accept;
};

/// POST /api/v1/build-events (design 6.3). Refusals are RFC 9457 problems. The references must outlive the
/// routes.
std::vector<Route> build_event_routes(BuildEventDoor door, Refusals& refusals, Metrics& metrics);

}  // namespace heddle
