// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <csignal>

namespace heddle {

/// Blocks the signals that end us (INT, TERM, HUP) in this thread and all that it starts; wait_for_signal
/// takes them.
sigset_t block_signals();

/// True: one of them came within that time.
bool wait_for_signal(const sigset_t& signals, std::chrono::milliseconds most);

/// Waits as long as it takes.
void wait_for_signal(const sigset_t& signals);

}  // namespace heddle
