// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/chores.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "app/postgres/database_trouble.hpp"

namespace heddle {
namespace {

using Clock = std::chrono::steady_clock;

void do_chore(const Chore& chore) {
    try {
        chore.run();
    } catch (const std::exception& error) {
        spdlog::warn("{}: {}", chore.name, in_one_sentence(error));
    }
}

void loop(const std::stop_token& stop, const std::vector<Chore>& chores) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::vector<Clock::time_point> due(chores.size(), Clock::now());
    while (!stop.stop_requested() && !chores.empty()) {
        const auto next = std::min_element(due.begin(), due.end());
        std::unique_lock lock(mutex);
        never.wait_until(lock, stop, *next, [] { return false; });
        if (stop.stop_requested()) return;
        const Chore& chore = chores[static_cast<std::size_t>(next - due.begin())];
        do_chore(chore);
        *next = Clock::now() + chore.every;
    }
}

}  // namespace

Chores::Chores(std::vector<Chore> chores)
    : thread_([chores = std::move(chores)](const std::stop_token& stop) { loop(stop, chores); }) {}

}  // namespace heddle
