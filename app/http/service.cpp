// SPDX-License-Identifier: Apache-2.0
#include "app/http/service.hpp"

namespace heddle {

void Service::enter() { ++connections_; }

void Service::leave() {
    const std::scoped_lock lock(mutex_);
    if (--connections_ == 0) left_.notify_all();
}

void Service::wait_until_empty(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    left_.wait_for(lock, time, [&] { return connections_ == 0; });
}

}  // namespace heddle
