// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "app/http/metrics.hpp"
#include "app/http/routes.hpp"
#include "app/postgres/table_counts.hpp"

namespace heddle {

/// What the endpoints ask. `why_not_ready` and `count_tables` may throw and may hang: each is called by a
/// thread of its own.
struct HealthSources {
    std::function<bool()> stopping;
    std::function<std::string()> why_not_ready;  // empty: the database is there, with our schema and room
    std::function<std::vector<TableCount>()> count_tables;
    std::chrono::milliseconds patience{1'000};    // with a source
    std::chrono::milliseconds ready_for{1'000};   // a word about readiness is good for so long
    std::chrono::milliseconds counts_for{5'000};  // and counts for so long
};

/// GET /healthz (the process answers), /readyz (it can take deliveries), /metrics (Prometheus). The metrics
/// must outlive the routes.
std::vector<Route> health_routes(HealthSources sources, Metrics& metrics);

}  // namespace heddle
