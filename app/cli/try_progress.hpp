// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "app/compose_try.hpp"

namespace heddle {

/// Prints what happens to a run while it happens: one line per change, with the seconds since the begin.
class TryProgress {
public:
    TryProgress();

    /// Thread-safe.
    void line(const std::string& text);
    /// Prints "what: state" unless that was the last word on `what`.
    void once(const std::string& what, const std::string& state);
    /// Prints what is new since the last call.
    void show(const TryState& state);
    /// The end: the logs of what failed, the table of statuses. Returns the exit code: 1 when a step or build
    /// failed, or a status could not be told; what other runs say about the commit does not count.
    int finish(const TryState& state, const std::function<std::string(const TriedBuild&, int)>& log_tail);

private:
    void show_plan(const std::string& plan);

    std::chrono::steady_clock::time_point began_;
    std::mutex mutex_;
    std::map<std::string, std::string> shown_;  // what -> what was printed of it last
};

}  // namespace heddle
