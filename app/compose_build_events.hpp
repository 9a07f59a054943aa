// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/build_events/bus_connection.hpp"
#include "app/build_events/event_listener.hpp"
#include "app/config/config.hpp"
#include "workflows/model/forge_access.hpp"

namespace heddle {

class HttpClient;
class Metrics;

/// Where a configuration says that build events are fetched from.
struct BuildEventSources {
    std::optional<BusOptions> bus;
    std::optional<ForgeAccess> queue;  // of this OBS backend
};

/// Throws WrongUse for a password file that can't be read.
BuildEventSources build_event_sources(const Config& config);

/// Starts a listener for each. `client` and `metrics` must outlive them.
std::vector<std::unique_ptr<EventListener>> listen(const BuildEventSources& sources,
                                                   const std::string& database_url,
                                                   HttpClient& client,
                                                   Metrics& metrics);

}  // namespace heddle
