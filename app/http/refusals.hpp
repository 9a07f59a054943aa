// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace heddle {

/// A request that was turned down before anybody knew whose it was.
struct StrangersRequest {
    std::chrono::system_clock::time_point at;
    std::string address;
    std::string path;
    int status = 0;
    std::string code;
};

/// What is left of requests from strangers: the last ones, in memory, without their bodies (design section
/// 11), so that nobody fills the disk or the memory by being refused. Thread-safe.
class Refusals {
public:
    explicit Refusals(std::size_t most = 1000) : most_(most) {}

    /// Long texts are cut.
    void add(StrangersRequest request);
    /// Oldest first.
    std::vector<StrangersRequest> all() const;

private:
    const std::size_t most_;
    mutable std::mutex mutex_;
    std::deque<StrangersRequest> last_;
};

}  // namespace heddle
