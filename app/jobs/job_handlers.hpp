// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "app/config/config.hpp"
#include "app/jobs/job_guard.hpp"
#include "reporters/reporter.hpp"
#include "workflows/model/forge_access.hpp"
#include "workflows/ports/build_service.hpp"
#include "workflows/ports/config_source.hpp"

namespace heddle {

/// Makes the build service that acts in the name of a user (login). Called per job, by several threads.
using BuildServiceFor = std::function<std::shared_ptr<BuildService>(const std::string& login)>;

/// What a token talks to a forge with, read in the caller's transaction.
using AccessFor =
    std::function<ForgeAccess(pqxx::transaction_base& tx, std::int64_t forge_id, std::int64_t token_id)>;

/// What the jobs reach the outside world with. The tables go by the kind of forge; their objects are used by
/// several threads at once.
struct JobParts {
    ReportsConfig reports;
    std::chrono::seconds reconcile_after{600};  // build_events.reconcile_after
    BuildServiceFor build_service;
    AccessFor access;
    std::map<std::string, std::shared_ptr<ConfigSource>> config_sources;
    /// The source for tokens that name a URL; absent: there are none.
    std::function<std::shared_ptr<ConfigSource>(const std::string& url)> url_source;
    std::map<std::string, std::shared_ptr<Reporter>> reporters;
};

/// The handlers of all kinds of jobs, for a JobRunner.
JobHandlers make_job_handlers(const JobParts& parts);

// One function per kind, each in the file of its name (run_workflows_job.cpp ...).
JobHandler make_run_workflows_job(const JobParts& parts);
JobHandler make_build_event_job(const JobParts& parts);
JobHandler make_sync_status_job(const JobParts& parts);
JobHandler make_resync_job(const JobParts& parts);
JobHandler make_check_status_job(const JobParts& parts);  // in resync_job.cpp
JobHandler make_reconcile_job(const JobParts& parts);
JobHandler make_reconcile_requests_job(const JobParts& parts);

}  // namespace heddle
