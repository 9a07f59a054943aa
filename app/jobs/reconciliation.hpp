// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "app/jobs/chores.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {

/// Enqueues, again and again, the jobs that ask the build service about builds that should have ended: after
/// `after` without a word. Any number of processes may do it. `pool` must outlive it.
Chore reconciliation(Pool& pool, std::chrono::seconds after);

}  // namespace heddle
