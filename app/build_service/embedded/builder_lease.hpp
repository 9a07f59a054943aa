// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "app/build_service/embedded/build_store.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {

/// Rings when the database says that there is something to build or to stop. A hint: who waits for it looks
/// by himself after a while, too.
class BuilderWake {
public:
    void ring();
    /// Waits for a ring after the one numbered `seen`, for `at_most`, or for `stop`. Returns the number.
    int wait(int seen, std::chrono::milliseconds at_most, std::stop_token stop);

    /// Waits for `time` or `stop`, whatever rings.
    void rest(std::chrono::milliseconds time, std::stop_token stop);

private:
    std::mutex mutex_;
    std::condition_variable_any rung_;
    int rings_ = 0;
};

/// Keeps one build for us while it is built: renews its lease in a thread of its own, and requests a stop as
/// soon as it is told to end the build, has lost it, or the builder itself stops.
class BuilderLease {
public:
    BuilderLease(Pool& pool, BuilderWake& wake, const ClaimedBuild& build, std::stop_token builder_stops);

    /// Requested: end the build now.
    std::stop_token stop() const { return stop_.get_token(); }

private:
    void keep(std::stop_token ended);
    bool renew();

    Pool& pool_;
    BuilderWake& wake_;
    ClaimedBuild build_;
    std::chrono::steady_clock::time_point renewed_;
    std::stop_source stop_;
    std::stop_callback<std::function<void()>> builder_stops_;
    std::jthread thread_;  // last: it uses all of the above
};

}  // namespace heddle
