// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/retry_policy.hpp"

#include <algorithm>
#include <random>

namespace heddle {
namespace {

double system_random() {
    thread_local std::mt19937 engine(std::random_device{}());
    return std::uniform_real_distribution<double>(0, 1)(engine);
}

double chance(const RetryPolicy& policy) { return policy.random ? policy.random() : system_random(); }

}  // namespace

std::chrono::milliseconds RetryPolicy::wait_after(int failures, std::chrono::seconds asked) const {
    std::chrono::milliseconds wait = std::min(first, longest);
    for (int i = 1; i < failures && wait < longest; ++i) wait = std::min(wait * 2, longest);
    const auto scattered =
        std::chrono::duration_cast<std::chrono::milliseconds>(wait * (1 + jitter * (2 * chance(*this) - 1)));
    return asked.count() > 0 ? std::max(scattered, after_pause(asked)) : scattered;
}

std::chrono::milliseconds RetryPolicy::after_pause(std::chrono::milliseconds asked) const {
    const std::chrono::milliseconds pause = std::min<std::chrono::milliseconds>(asked, longest_asked);
    const std::chrono::milliseconds most =
        std::min<std::chrono::milliseconds>(pause, std::chrono::minutes(4));
    const std::chrono::milliseconds behind =
        std::chrono::duration_cast<std::chrono::milliseconds>(most * jitter * chance(*this));
    return pause + std::min<std::chrono::milliseconds>(behind, std::chrono::minutes(1));
}

}  // namespace heddle
