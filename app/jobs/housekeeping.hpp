// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/config/config.hpp"
#include "app/jobs/chores.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {

/// What housekeeping took away.
struct Swept {
    int build_events = 0;
    int runs = 0;
    int deliveries = 0;
    int audit = 0;
    int sessions = 0;
};

/// Purges what is older than its retention time, and sessions that have expired, in batches, each a
/// transaction of its own. Only one process at a time does; to the others there is nothing to do.
Swept sweep(Pool& pool, const RetentionConfig& retention);

/// sweep() every hour, for a JobRunner. `pool` must outlive it.
Chore housekeeping(Pool& pool, const RetentionConfig& retention);

}  // namespace heddle
