// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>

namespace heddle {

/// How long a job waits after its n-th failure: doubling, bounded, scattered so that many jobs that failed
/// together don't come back together.
struct RetryPolicy {
    std::chrono::milliseconds first{2'000};
    std::chrono::milliseconds longest{10 * 60'000};
    double jitter = 0.25;            // the wait is scattered by this part of itself, both ways
    std::function<double()> random;  // [0, 1); absent: the system's. May be called by several threads
    std::chrono::seconds longest_asked{6 * 3600};  // nobody can make a job wait longer

    /// `failures` >= 1. `asked`: the far side asked for at least so long a pause.
    std::chrono::milliseconds wait_after(int failures, std::chrono::seconds asked = {}) const;
    /// A pause that the far side asked for: never shorter, but for `longest_asked`, and scattered behind its
    /// end by at most a minute, so that those who waited together don't come back together.
    std::chrono::milliseconds after_pause(std::chrono::milliseconds asked) const;
};

}  // namespace heddle
