// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/jobs/job_guard.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {

/// Gives back what dead or stuck workers hold, buries what was left unfinished too often, and forgets dead
/// workers. Every process does it; they don't get in each other's way. Returns how many jobs went back.
int rescue(Pool& pool, const JobHandlers& handlers);

}  // namespace heddle
