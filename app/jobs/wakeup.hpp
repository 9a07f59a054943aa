// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace heddle {

/// A bell: whoever rings while nobody waits is heard by the next who does.
class Wakeup {
public:
    void ring() {
        {
            const std::lock_guard lock(mutex_);
            rung_ = true;
        }
        bell_.notify_all();
    }

    /// Returns when it rings, after `most`, or when a stop is requested.
    void wait_for(const std::stop_token& stop, std::chrono::milliseconds most) {
        std::unique_lock lock(mutex_);
        bell_.wait_for(lock, stop, most, [&] { return rung_; });
        rung_ = false;
    }

private:
    std::mutex mutex_;
    std::condition_variable_any bell_;
    bool rung_ = false;
};

}  // namespace heddle
