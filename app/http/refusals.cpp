// SPDX-License-Identifier: Apache-2.0
#include "app/http/refusals.hpp"

#include <algorithm>
#include <utility>

namespace heddle {
namespace {

constexpr std::size_t kMostText = 200;

void cut(std::string& text) {
    text.resize(std::min(text.size(), kMostText));
    text.shrink_to_fit();
}

}  // namespace

void Refusals::add(StrangersRequest request) {
    cut(request.address);
    cut(request.path);
    const std::scoped_lock lock(mutex_);
    last_.push_back(std::move(request));
    if (last_.size() > most_) last_.pop_front();
}

std::vector<StrangersRequest> Refusals::all() const {
    const std::scoped_lock lock(mutex_);
    return {last_.begin(), last_.end()};
}

}  // namespace heddle
