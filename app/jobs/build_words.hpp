// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/config/config.hpp"
#include "app/postgres/contribution_store.hpp"
#include "app/postgres/package_revision_store.hpp"
#include "app/postgres/request_subscription_store.hpp"
#include "app/postgres/run_store.hpp"
#include "workflows/model/build_event.hpp"
#include "workflows/model/build_result.hpp"

namespace heddle {

struct StoredBuildEvent;

/// Is there nothing more to wait for?
bool has_ended(BuildState state);

/// Are builds announced as pending for this event (reports.pending)?
bool wants_pending(const ReportsConfig& reports, const ScmEvent& event);

/// What a build service's list says about one build of a revision that a run waits for: pending, or an end
/// that belongs to that revision. nullopt: nothing to say (pending is not wanted; the list shows what was
/// before the rebuild).
std::optional<Contribution> word_of_result(const ReportsConfig& reports,
                                           const WorkflowRun& run,
                                           const PackageRevision& revision,
                                           const BuildResult& result);

/// What a build event says for the commit of a revision.
Contribution word_of_event(const ReportsConfig& reports,
                           const PackageRevision& revision,
                           const StoredBuildEvent& stored);

/// How a request stands, for the commit that it was made for. `changed_at`: since when; absent: since the
/// request was made or found, so that each change comes after it.
Contribution word_of_request(const ReportsConfig& reports,
                             const RequestSubscription& subscription,
                             const Request& request,
                             const std::optional<TimePoint>& changed_at);

/// How the attempt itself stands: the context that says "started". `job_id`: of the job that executes it.
Contribution word_of_run(const ReportsConfig& reports,
                         const WorkflowRun& run,
                         std::int64_t job_id,
                         StatusState state,
                         const std::string& text);

/// Closed and merged pull requests get no new statuses.
bool posts_statuses(const WorkflowRun& run);

}  // namespace heddle
