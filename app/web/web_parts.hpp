// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "app/config/config.hpp"

namespace heddle {

class Pool;

/// What the pages stand on.
struct WebParts {
    Pool& pool;  // must outlive the routes
    ServerConfig server;
    /// A part of a build's log from `position` on, which moves behind it. Empty: nothing more (yet).
    std::function<std::string(std::int64_t build_id, int& position)> read_log;
    std::chrono::milliseconds patience{3000};  // with one statement of a page; below that of its pool
};

}  // namespace heddle
