// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/fakes/call_journal.hpp"
#include "workflows/model/package_ref.hpp"
#include "workflows/ports/run_log.hpp"

namespace heddle::test {

/// A run log in memory, for one attempt of one pull request's run. It writes each call into its journal;
/// share the journal with a FakeBuildService to see which came first. For one thread.
class FakeRunLog final : public RunLog {
public:
    explicit FakeRunLog(std::shared_ptr<CallJournal> journal = std::make_shared<CallJournal>());

    // The world before the test.
    void owns(const std::string& project);
    void another_owns(const std::string& project);

    struct Finished {
        StepPlace place;
        StepOutcome outcome;
    };
    std::vector<Finished> finished;
    std::vector<std::string> failures;              // messages
    std::map<PackageRef, TouchedPackage> promised;  // what is subscribed, completed or not
    std::vector<FollowedRequest> followed;
    std::string commit_sha;  // of the run

    CallJournal& journal() { return *journal_; }

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
    enum class Owner { This, ThisDeleted, Another };

    std::shared_ptr<CallJournal> journal_;
    std::map<std::string, Owner> projects_;
    std::map<std::int64_t, std::string> commits_;  // of followed requests
};

}  // namespace heddle::test
