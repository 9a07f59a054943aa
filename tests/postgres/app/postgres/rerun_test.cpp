// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "app/postgres/run_store.hpp"
#include "tests/support/job_stage.hpp"

using namespace heddle;
using heddle::testing::JobStage;
using heddle::testing::kStarted;
using heddle::testing::RunWorld;

namespace {

/// Three heads of one pull request, each a run that has ended; none found a file.
void start_three(JobStage& stage) {
    stage.world().start(RunWorld::pull_request(1, "aaaaaaa1"));
    stage.perform_all();
    stage.world().start(RunWorld::pull_request(1, "bbbbbbb2", PullRequestKind::Updated));
    stage.perform_all();
    stage.world().start(RunWorld::pull_request(1, "ccccccc3", PullRequestKind::Updated));
    stage.perform_all();
    REQUIRE(stage.world().ask("SELECT status FROM workflow_runs ORDER BY id") == "success;success;success");
}

std::string rerun_second(JobStage& stage, bool forced) {
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { CHECK(rerun(tx, 2, forced) == 2); });
    stage.perform_all();
    return stage.world().ask("SELECT attempt, message FROM workflow_runs WHERE id = 2");
}

std::optional<std::int64_t> later_than(JobStage& stage, std::int64_t id) {
    return in_transaction(stage.world().pool(),
                          [&](pqxx::work& tx) { return later_run(tx, find_run(tx, id).value()); });
}

}  // namespace

TEST_CASE("a rerun of an update whose head was replaced does nothing unless it is forced") {
    JobStage stage;
    start_three(stage);
    CHECK(rerun_second(stage, false) == "2|superseded by ccccccc");
}

TEST_CASE("a forced rerun is executed whatever came later") {
    JobStage stage;
    start_three(stage);
    CHECK(rerun_second(stage, true) == "2|no .obs/workflows.yml on main");
}

TEST_CASE("a forced rerun has the last word on its own commit, also where a later run spoke about that") {
    JobStage stage;
    stage.config().set_file(
        "build:\n  steps:\n    - rebuild_package: { project: nowhere, package: hello }\n");
    const auto first = stage.run(RunWorld::pull_request(1, "aaaaaaa1"));
    stage.perform_all();
    const std::string failure = stage.status("aaaaaaa1", kStarted);
    CHECK(failure.starts_with("failure "));
    stage.run(RunWorld::pull_request(1, "bbbbbbb2", PullRequestKind::Updated));
    stage.perform_all();
    // Forced back to the first head.
    stage.config().set_file("build:\n  steps:\n    - trigger_services: { project: demo, package: hello }\n");
    stage.builds().add_services({"demo", "hello"});
    stage.run(RunWorld::pull_request(1, "aaaaaaa1", PullRequestKind::Updated));
    stage.perform_all();
    const std::string success = "success 1 step of 1 workflow done";
    CHECK(stage.status("aaaaaaa1", kStarted) == success);

    const std::string elsewhere = stage.status("bbbbbbb2", kStarted);
    stage.config().set_file(
        "build:\n  steps:\n    - rebuild_package: { project: nowhere, package: hello }\n");
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { rerun(tx, first, true); });
    stage.perform_all();
    CHECK(stage.status("aaaaaaa1", kStarted) == failure);
    CHECK(stage.reporter().showing("aaaaaaa1", kStarted) == failure);
    CHECK(stage.status("bbbbbbb2", kStarted) == elsewhere);
}

TEST_CASE("the later run is one of the same token and the same pull request") {
    JobStage stage;
    start_three(stage);
    stage.world().start(RunWorld::pull_request(2, "ddddddd4"));
    const std::int64_t other_token = stage.world().add_token();
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) {
        start_run(tx,
                  {other_token,
                   stage.world().repository_id(),
                   "manual",
                   std::nullopt,
                   RunWorld::pull_request(1, "eeeeeee5")});
    });
    CHECK(later_than(stage, 1) == 3);
    CHECK(later_than(stage, 2) == 3);
    CHECK_FALSE(later_than(stage, 3));
    CHECK_FALSE(later_than(stage, 4));
    CHECK_FALSE(later_than(stage, 5));
}
