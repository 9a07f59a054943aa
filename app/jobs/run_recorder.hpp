// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/config/config.hpp"
#include "app/jobs/job_guard.hpp"
#include "app/postgres/package_revision_store.hpp"
#include "app/postgres/pull_request_project_store.hpp"
#include "app/postgres/request_subscription_store.hpp"
#include "app/postgres/run_store.hpp"
#include "app/postgres/step_store.hpp"
#include "workflows/ports/run_log.hpp"

namespace heddle {

/// The log of one attempt in PostgreSQL: each call is one short transaction under the job's guard.
/// Beginning a step and waiting for a package are the places where an attempt gives way to a stop.
class RunRecorder final : public RunLog {
public:
    /// All must outlive it.
    RunRecorder(JobGuard& guard, const WorkflowRun& run, const ReportsConfig& reports)
        : guard_(guard), run_(run), reports_(reports) {}

    void step_started(const StepPlace& place) override;
    void step_finished(const StepPlace& place, const StepOutcome& outcome) override;
    void step_failed(const StepPlace& place, const std::string& message) override;
    std::unique_ptr<Hold> hold(const PackageRef& package) override;
    void subscribe(const StepPlace& place, const PackageRef& package, bool rebuild) override;
    void complete(const StepPlace& place, const TouchedPackage& touched) override;
    void withdraw(const StepPlace& place, const PackageRef& package) override;
    void follow(const FollowedRequest& followed) override;
    std::vector<EarlierRequest> open_requests(const PackageRef& source, const PackageRef& target) override;
    void claim_project(const std::string& project, bool exists) override;
    bool owns_project(const std::string& project) override;
    std::vector<std::string> owned_projects() override;
    void project_deleted(const std::string& project) override;
    void project_restored(const std::string& project) override;

private:
    StepRow row_of(const StepPlace& place) const;
    RevisionPlace place_of(const StepPlace& place, const PackageRef& package) const;
    RequestPlace request_place(const PackageRef& source, const PackageRef& target) const;
    PullRequestRef pull_request() const;

    JobGuard& guard_;
    const WorkflowRun& run_;
    const ReportsConfig& reports_;
};

}  // namespace heddle
