// SPDX-License-Identifier: Apache-2.0
#include "app/cli/signals.hpp"

#include <ctime>

namespace heddle {

sigset_t block_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

bool wait_for_signal(const sigset_t& signals, std::chrono::milliseconds most) {
    const timespec wait{most.count() / 1000, (most.count() % 1000) * 1'000'000};
    return sigtimedwait(&signals, nullptr, &wait) > 0;
}

void wait_for_signal(const sigset_t& signals) {
    int taken = 0;
    while (sigwait(&signals, &taken) != 0) continue;
}

}  // namespace heddle
