// SPDX-License-Identifier: Apache-2.0
#include "tests/support/job_stage.hpp"

#include <doctest/doctest.h>

#include "app/postgres/build_event_store.hpp"

namespace heddle::testing {

JobStage::JobStage() {
    parts_.build_service = [builds = builds_](const std::string&) { return builds; };
    parts_.access = [](pqxx::transaction_base&, std::int64_t, std::int64_t) { return ForgeAccess{}; };
    parts_.config_sources["git"] = config_;
    parts_.reporters["git"] = reporter_;
}

void JobStage::perform(const std::string& kind) { perform(world_.claim(kind)); }

void JobStage::perform(const Job& job) {
    JobGuard guard(world_.pool(), job, {});
    handlers().at(job.kind).run(job, guard);
    CHECK_MESSAGE(guard.finished(), job.kind << " did not finish");
}

void JobStage::perform_all() {
    std::vector<std::string> kinds;
    for (const auto& [kind, handler] : handlers()) kinds.push_back(kind);
    for (int i = 0; i < 1000; ++i) {
        const std::vector<Job> jobs = in_transaction(world_.pool(), [&](pqxx::work& tx) {
            return claim_jobs(tx, 1'000'000, kinds, 1, std::chrono::seconds(30));
        });
        if (jobs.empty()) return;
        perform(jobs.front());
    }
    FAIL("the jobs don't end");
}

void JobStage::happens(const BuildEvent& event) {
    in_transaction(world_.pool(), [&](pqxx::work& tx) { store_build_events(tx, "embedded", {event}); });
    perform(job_kind::kBuildEvent);
}

std::int64_t JobStage::run(const ScmEvent& event) {
    const auto id = world_.start(event);
    perform(job_kind::kRunWorkflows);
    return id;
}

std::vector<BuildResult> one_result(BuildState state, const SourceRevision& revision) {
    return {{"local", "x86_64", state, revision, ""}};
}

}  // namespace heddle::testing
