// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/jobs/job_handlers.hpp"
#include "tests/fakes/fake_build_service.hpp"
#include "tests/fakes/fake_config_source.hpp"
#include "tests/fakes/fake_reporter.hpp"
#include "tests/support/run_world.hpp"

namespace heddle::testing {

/// A database with everything around the jobs in memory. A test performs jobs one by one, in the order that
/// it wants to see, or lets them run until nothing is left.
class JobStage {
public:
    JobStage();

    RunWorld& world() { return world_; }
    test::FakeBuildService& builds() { return *builds_; }
    test::FakeReporter& reporter() { return *reporter_; }
    test::FakeConfigSource& config() { return *config_; }
    JobParts& parts() { return parts_; }
    JobHandlers handlers() const { return make_job_handlers(parts_); }

    /// Claims the next job of that kind and runs its handler in this thread; what it throws comes through,
    /// and the job stays claimed.
    void perform(const std::string& kind);
    void perform(const Job& job);
    /// Performs all jobs that may run, also those that they bring forth. At most a thousand.
    void perform_all();
    /// Stores a build event and performs its job.
    void happens(const BuildEvent& event);
    /// Starts a run and performs it.
    std::int64_t run(const ScmEvent& event);

    std::string status(const std::string& commit_sha, const std::string& context) {
        return world_.status(commit_sha, context);
    }

private:
    RunWorld world_;
    std::shared_ptr<test::FakeBuildService> builds_ = std::make_shared<test::FakeBuildService>();
    std::shared_ptr<test::FakeReporter> reporter_ = std::make_shared<test::FakeReporter>();
    std::shared_ptr<test::FakeConfigSource> config_ = std::make_shared<test::FakeConfigSource>();
    JobParts parts_;
};

inline const std::string kStarted = "OBS SCM/CI Workflow Integration started";
/// The context of a_build_event()s of that package.
inline std::string context_of(const std::string& package) { return "OBS: " + package + " - local/x86_64"; }

/// The list of a build service with one build.
std::vector<BuildResult> one_result(BuildState state, const SourceRevision& revision = {});

}  // namespace heddle::testing
