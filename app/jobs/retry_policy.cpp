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

}  // namespace

std::chrono::milliseconds RetryPolicy::wait_after(int failures, std::chrono::seconds asked) const {
    std::chrono::milliseconds wait = std::min(first, longest);
    for (int i = 1; i < failures && wait < longest; ++i) wait = std::min(wait * 2, longest);
    const double chance = random ? random() : system_random();
    const auto scattered =
        std::chrono::duration_cast<std::chrono::milliseconds>(wait * (1 + jitter * (2 * chance - 1)));
    return std::max<std::chrono::milliseconds>(scattered, std::min(asked, longest_asked));
}

}  // namespace heddle
