// SPDX-License-Identifier: Apache-2.0
#include "app/http/body_budget.hpp"

namespace heddle {

bool BodyBudget::Share::raise_to(std::size_t bytes) {
    if (bytes <= held_) return true;
    const std::size_t wanted = bytes - held_;
    std::size_t left = budget_.left_.load();
    do {
        if (left < wanted) return false;
    } while (!budget_.left_.compare_exchange_weak(left, left - wanted));
    held_ = bytes;
    return true;
}

void BodyBudget::Share::release() {
    budget_.left_ += held_;
    held_ = 0;
}

}  // namespace heddle
