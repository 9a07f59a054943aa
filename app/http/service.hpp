// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

#include "app/http/body_budget.hpp"
#include "app/http/http_server.hpp"

namespace heddle {

/// What all connections of a server share. Thread-safe.
class Service {
public:
    /// Both must outlive it.
    Service(const HttpServerOptions& options, const Routes& routes)
        : options(options), routes(routes), bodies(options.most_bodies) {}

    const HttpServerOptions& options;
    const Routes& routes;
    BodyBudget bodies;
    std::atomic<bool> stopping = false;  // every answer is the last one of its connection

    /// A connection begins, and ends.
    void enter();
    void leave();
    std::size_t connections() const { return connections_; }
    /// Until there is none, but no longer than `time`.
    void wait_until_empty(std::chrono::milliseconds time);

private:
    std::atomic<std::size_t> connections_ = 0;
    std::mutex mutex_;
    std::condition_variable left_;
};

}  // namespace heddle
