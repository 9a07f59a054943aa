// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/builder_lease.hpp"

#include <spdlog/spdlog.h>

#include "app/postgres/database_trouble.hpp"

namespace heddle {
namespace {

using std::chrono::steady_clock;

constexpr auto kRenewInterval = std::chrono::seconds(5);
constexpr auto kRest = std::chrono::milliseconds(200);
constexpr auto kLease = std::chrono::seconds(30);  // as claim_build and renew_build give it

}  // namespace

void BuilderWake::ring() {
    const std::lock_guard lock(mutex_);
    ++rings_;
    rung_.notify_all();
}

int BuilderWake::wait(int seen, std::chrono::milliseconds at_most, std::stop_token stop) {
    std::unique_lock lock(mutex_);
    rung_.wait_for(lock, stop, at_most, [&] { return rings_ != seen; });
    return rings_;
}

void BuilderWake::rest(std::chrono::milliseconds time, std::stop_token stop) {
    std::unique_lock lock(mutex_);
    rung_.wait_for(lock, stop, time, [] { return false; });
}

BuilderLease::BuilderLease(Pool& pool,
                           BuilderWake& wake,
                           const ClaimedBuild& build,
                           std::stop_token builder_stops)
    : pool_(pool),
      wake_(wake),
      build_(build),
      renewed_(steady_clock::now()),
      builder_stops_(std::move(builder_stops), [this] { stop_.request_stop(); }),
      thread_([this](std::stop_token ended) { keep(std::move(ended)); }) {}

void BuilderLease::keep(std::stop_token ended) {
    int seen = 0;
    while (!ended.stop_requested() && renew()) {
        wake_.rest(kRest, ended);  // a thousand packages scheduled at once ring a thousand times
        seen = wake_.wait(seen, kRenewInterval, ended);
    }
}

bool BuilderLease::renew() {
    BuildOrder order = BuildOrder::GoOn;
    try {
        order = in_transaction(pool_, [&](auto& tx) { return renew_build(tx, build_); });
        renewed_ = steady_clock::now();
    } catch (const std::exception& error) {
        // A database that restarts does not cost the build; one that stays away until the lease ends does.
        spdlog::warn("build {}: the lease could not be renewed: {}", build_.id, in_one_sentence(error));
        if (steady_clock::now() - renewed_ > kLease - kRenewInterval) order = BuildOrder::Lost;
    }
    if (order != BuildOrder::GoOn) stop_.request_stop();
    return order == BuildOrder::GoOn;
}

}  // namespace heddle
