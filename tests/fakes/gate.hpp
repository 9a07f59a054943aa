// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace heddle::testing {

/// Forces an order of events: who passes stops at it until the test opens it. A test that forgot to fails
/// after ten seconds instead of hanging.
class Gate {
public:
    /// Called by the code under test. False: the deadline passed.
    bool pass() {
        std::unique_lock lock(mutex_);
        ++arrived_;
        changed_.notify_all();
        return changed_.wait_for(lock, kDeadline, [&] { return open_; });
    }

    /// Called by the test: waits until somebody stands at the gate (`times` in all).
    bool await_arrival(int times = 1) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, kDeadline, [&] { return arrived_ >= times; });
    }

    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

    int arrived() {
        const std::lock_guard lock(mutex_);
        return arrived_;
    }

private:
    static constexpr std::chrono::seconds kDeadline{10};

    std::mutex mutex_;
    std::condition_variable changed_;
    int arrived_ = 0;
    bool open_ = false;
};

}  // namespace heddle::testing
