// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/jobs/job_guard.hpp"

namespace heddle {

/// The end of a job that will not be tried again: its handler's last word, then what depends on it, then the
/// dead letter, all in the caller's transaction.
void bury(pqxx::transaction_base& tx, const Job& job, const JobHandlers& handlers, const std::string& reason);

}  // namespace heddle
