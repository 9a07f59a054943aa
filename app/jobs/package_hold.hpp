// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "app/jobs/job_guard.hpp"
#include "workflows/model/package_ref.hpp"
#include "workflows/ports/run_log.hpp"

namespace heddle {

/// Waits until nobody else, in any process, writes to the package; holds it by a session lock on a
/// connection of its own. While it waits it looks every second whether the job is still ours (JobLost) and
/// whether the program stops (GaveWay).
std::unique_ptr<RunLog::Hold> hold_package(JobGuard& guard, const PackageRef& package);

}  // namespace heddle
