// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "workflows/model/package_ref.hpp"
#include "workflows/model/request.hpp"
#include "workflows/model/step_outcome.hpp"

namespace heddle {

/// Which step of the attempt is meant: its place in the file.
struct StepPlace {
    std::string workflow;
    int index = 0;  // of the step, counted over the whole file from 0
    std::string step;
    int line = 0;
};

/// A request of a step, and the packages that it is between.
struct FollowedRequest {
    Request request;
    PackageRef source;
    PackageRef target;
};

/// A request of the run's pull request, with the commit that it was last reported to.
struct EarlierRequest {
    std::int64_t number = 0;
    std::string commit_sha;
};

/// What the engine tells about an attempt while it works. Each call is durable when it returns, is guarded by
/// the job that runs the attempt (it throws once that job was taken away), and is safe to repeat.
class RunLog {
public:
    /// Keeps every other writer away from a package until it is destroyed.
    class Hold {
    public:
        virtual ~Hold() = default;
    };

    virtual ~RunLog() = default;

    virtual void step_started(const StepPlace& place) = 0;
    virtual void step_finished(const StepPlace& place, const StepOutcome& outcome) = 0;
    virtual void step_failed(const StepPlace& place, const std::string& message) = 0;

    /// Waits for the package; writes to one package never overlap, whichever run they are for.
    virtual std::unique_ptr<Hold> hold(const PackageRef& package) = 0;

    /// Before asking the build service: from now on builds of this package may concern this run's commit.
    /// A build event that comes before the revision is known is kept (design 4.3).
    virtual void subscribe(const StepPlace& place, const PackageRef& package, bool rebuild) = 0;
    /// After the answer: which revision belongs to this run's commit. Looks back over kept events.
    virtual void complete(const StepPlace& place, const TouchedPackage& touched) = 0;
    /// The step turned out to make nothing to wait for: takes subscribe() back.
    virtual void withdraw(const StepPlace& place, const PackageRef& package) = 0;

    /// A request was made, or stands already: the run's commit hears of its state, now and after each change.
    /// Looks back over kept events.
    virtual void follow(const FollowedRequest& followed) = 0;
    /// The requests that steps of this pull request's runs made between the two packages, and of whose end
    /// nothing was heard.
    virtual std::vector<EarlierRequest> open_requests(const PackageRef& source, const PackageRef& target) = 0;

    /// Before a project is made for the run's pull request. `exists`: the build service has it already.
    /// New: recorded. Exists and recorded for this pull request: fine. Exists unrecorded: used, never
    /// deleted. Recorded for another pull request: throws RemoteError GiveUp.
    virtual void claim_project(const std::string& project, bool exists) = 0;
    /// Is it recorded for this pull request, deleted or not? Only then may it be restored.
    virtual bool owns_project(const std::string& project) = 0;
    /// All projects recorded for this pull request and not deleted since: only these may be deleted.
    virtual std::vector<std::string> owned_projects() = 0;
    /// It is gone: subscriptions go, pending statuses end with the reason.
    virtual void project_deleted(const std::string& project) = 0;
    /// It is brought back: from now on it counts as owned again. Said before asking the build service.
    virtual void project_restored(const std::string& project) = 0;
};

}  // namespace heddle
