// SPDX-License-Identifier: Apache-2.0
// Builds and the commits they belong to (design 4.1 to 4.5), with the orders that break lesser systems, each
// forced.
#include <doctest/doctest.h>

#include <thread>

#include "app/postgres/build_event_store.hpp"
#include "app/postgres/run_store.hpp"
#include "app/postgres/status_store.hpp"
#include "tests/support/job_stage.hpp"

using namespace heddle;
using heddle::testing::a_build_event;
using heddle::testing::context_of;
using heddle::testing::JobStage;
using heddle::testing::kStarted;
using heddle::testing::now_in_microseconds;
using heddle::testing::one_result;
using heddle::testing::RunWorld;
using At = heddle::test::CallJournal::At;
using Type = BuildEventType;
using namespace std::chrono_literals;

namespace {

const PackageRef kHello{"demo", "hello"};

const std::string kServices = R"(
build:
  steps:
    - trigger_services:
        project: demo
        package: hello
)";

const std::string kRebuild = R"(
build:
  steps:
    - rebuild_package:
        project: demo
        package: hello
)";

const std::string kBranch = R"(
build:
  steps:
    - branch_package:
        source_project: demo
        source_package: hello
        target_project: demo
)";

/// Each trigger of the services makes a new revision of demo/hello: 2, 3, ... (1 is what was there).
void with_services(JobStage& stage) {
    stage.config().set_file(kServices);
    stage.builds().add_services(kHello);
    stage.builds().set_results(kHello, one_result(BuildState::Building));
}

void with_rebuild(JobStage& stage) {
    stage.config().set_file(kRebuild);
    stage.builds().add_package(kHello);
    stage.builds().set_results(kHello, one_result(BuildState::Scheduled));
}

BuildEvent build(Type type, const std::string& rev, std::chrono::microseconds started = 1000us) {
    return a_build_event(type, kHello, rev, started);
}

BuildEvent project_gone() {
    BuildEvent gone;
    gone.type = Type::ProjectDeleted;
    gone.package = {"demo", ""};
    return gone;
}

const ScmEvent kFirst = RunWorld::pull_request(1, "aaaaaaa1");
const ScmEvent kSecond = RunWorld::pull_request(1, "bbbbbbb2", PullRequestKind::Updated);

}  // namespace

TEST_CASE("a run announces its builds, and their end becomes the status") {
    JobStage stage;
    with_services(stage);
    const auto run = stage.run(kFirst);
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "pending building");
    CHECK(stage.status("aaaaaaa1", kStarted) == "success 1 step of 1 workflow done");
    CHECK(stage.world().ask("SELECT status, message FROM workflow_runs") ==
          "success|1 step of 1 workflow done");
    stage.happens(build(Type::BuildSuccess, "2"));
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "success succeeded");
    CHECK(stage.world().ask("SELECT state FROM build_events") == "matched");
    CHECK(stage.world().ask("SELECT DISTINCT run_id FROM status_contributions") == std::to_string(run));
}

TEST_CASE("a build that ends before its subscription is complete is not lost") {
    JobStage stage;
    with_services(stage);
    auto& journal = stage.builds().journal();
    SUBCASE("its event is handled while the answer is on its way") {
        journal.block("run_services", At::End);
        stage.world().start(kFirst);
        std::jthread run([&] { stage.perform(job_kind::kRunWorkflows); });
        journal.await_blocked("run_services", At::End);
        stage.happens(build(Type::BuildFail, "2"));
        CHECK(stage.world().ask("SELECT state FROM build_events") == "kept");
        journal.release("run_services", At::End);
    }
    SUBCASE("its event comes before the run even subscribes") {
        stage.happens(build(Type::BuildFail, "2"));
        CHECK(stage.world().ask("SELECT state FROM build_events") == "kept");
        stage.run(kFirst);
    }
    stage.perform_all();
    CHECK(stage.world().ask("SELECT state FROM build_events") == "matched");
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "failure failed");
}

TEST_CASE("the old build's event that comes after the new one's counts for the old commit only") {
    JobStage stage;
    with_services(stage);
    stage.run(kFirst);
    stage.run(kSecond);
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "error superseded by bbbbbbb");
    stage.happens(build(Type::BuildSuccess, "3", 2000us));
    stage.happens(build(Type::BuildFail, "2", 1000us));
    CHECK(stage.status("bbbbbbb2", context_of("hello")) == "success succeeded");
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "failure failed");
}

TEST_CASE("the slow pending that comes after the result changes nothing") {
    JobStage stage;
    with_services(stage);
    auto& journal = stage.builds().journal();
    journal.block("results", At::End);
    stage.world().start(kFirst);
    std::jthread run([&] { stage.perform(job_kind::kRunWorkflows); });
    journal.await_blocked("results", At::End);
    stage.happens(build(Type::BuildSuccess, "2"));
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "success succeeded");
    journal.release("results", At::End);
    run.join();
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "success succeeded");
    CHECK(stage.world().ask("SELECT version FROM commit_statuses WHERE context LIKE '%hello%'") == "1");
}

TEST_CASE("of one revision the later build wins, in whatever order they are told") {
    JobStage stage;
    with_services(stage);
    stage.run(kFirst);
    stage.happens(build(Type::BuildSuccess, "2", 2000us));
    stage.happens(build(Type::BuildFail, "2", 1000us));
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "success succeeded");
    stage.happens(build(Type::BuildFail, "2", 3000us));
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "failure failed");
}

TEST_CASE("a project that is deleted while it builds leaves nothing pending") {
    JobStage stage;
    with_services(stage);
    SUBCASE("after the run") {
        stage.run(kFirst);
        stage.happens(project_gone());
        CHECK(stage.status("aaaaaaa1", context_of("hello")) == "error project demo was deleted");
        stage.happens(build(Type::BuildWithdrawn, "2"));
        CHECK(stage.world().ask("SELECT state FROM build_events ORDER BY id") == "matched;kept");
        CHECK(stage.status("aaaaaaa1", context_of("hello")) == "error project demo was deleted");
    }
    SUBCASE("between the list of builds and its recording") {
        auto& journal = stage.builds().journal();
        journal.block("results", At::End);
        stage.world().start(kFirst);
        std::jthread run([&] { stage.perform(job_kind::kRunWorkflows); });
        journal.await_blocked("results", At::End);
        stage.happens(project_gone());
        journal.release("results", At::End);
        run.join();
        CHECK(stage.status("aaaaaaa1", context_of("hello")).empty());
    }
    CHECK(stage.world().ask("SELECT count(*) FROM event_subscriptions") == "0");
    CHECK(stage.world().ask("SELECT count(*) FROM commit_statuses WHERE state = 'pending'") == "0");
}

TEST_CASE("a deleted package takes only its own promises back") {
    JobStage stage;
    with_services(stage);
    const PackageRef other{"demo", "other"};
    stage.builds().add_services(other);
    stage.builds().set_results(other, one_result(BuildState::Building));
    stage.config().set_file(kServices + R"(    - trigger_services:
        project: demo
        package: other
)");
    stage.run(kFirst);
    BuildEvent gone = build(Type::PackageDeleted, "");
    gone.repository = gone.architecture = "";
    stage.happens(gone);
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "error package demo/hello was deleted");
    CHECK(stage.status("aaaaaaa1", context_of("other")) == "pending building");
}

TEST_CASE("a deletion that is told late does not touch what was asked for since") {
    JobStage stage;
    with_services(stage);
    stage.run(kFirst);
    in_transaction(stage.world().pool(),
                   [&](pqxx::work& tx) { store_build_events(tx, "embedded", {project_gone()}); });
    stage.run(kSecond);
    stage.perform(job_kind::kBuildEvent);
    CHECK(stage.status("bbbbbbb2", context_of("hello")) == "pending building");
    CHECK(stage.world().ask("SELECT count(*) FROM event_subscriptions") == "2");
    stage.happens(build(Type::BuildSuccess, "3"));
    CHECK(stage.status("bbbbbbb2", context_of("hello")) == "success succeeded");
}

TEST_CASE("a rebuild's result belongs to the latest request made before the build began") {
    JobStage stage;
    with_rebuild(stage);
    const auto before = now_in_microseconds();
    stage.run(kFirst);
    const auto between = now_in_microseconds();
    stage.run(RunWorld::pull_request(2, "ccccccc3"));
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "error superseded by ccccccc");
    CHECK(stage.status("ccccccc3", context_of("hello")) == "pending scheduled");

    stage.happens(build(Type::BuildFail, "1", before - 1h));
    CHECK(stage.world().ask("SELECT state FROM build_events ORDER BY id DESC LIMIT 1") == "kept");
    stage.happens(build(Type::BuildFail, "1", between));
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "failure failed");
    CHECK(stage.status("ccccccc3", context_of("hello")) == "pending scheduled");
    stage.happens(build(Type::BuildSuccess, "1", now_in_microseconds()));
    CHECK(stage.status("ccccccc3", context_of("hello")) == "success succeeded");
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "failure failed");
}

TEST_CASE("a rebuild that ends before its answer came is not given to an earlier commit") {
    JobStage stage;
    with_rebuild(stage);
    stage.run(kFirst);
    auto& journal = stage.builds().journal();
    journal.block("rebuild_package", At::End);
    stage.world().start(kSecond);
    std::jthread run([&] { stage.perform(job_kind::kRunWorkflows); });
    journal.await_blocked("rebuild_package", At::End);
    stage.happens(build(Type::BuildSuccess, "1", now_in_microseconds()));
    CHECK(stage.world().ask("SELECT state FROM build_events") == "kept");
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "pending scheduled");
    journal.release("rebuild_package", At::End);
    run.join();
    stage.perform_all();
    CHECK(stage.status("bbbbbbb2", context_of("hello")) == "success succeeded");
}

TEST_CASE("an event that waited for an answer that never came goes to whom it fits") {
    JobStage stage;
    with_rebuild(stage);
    stage.run(kFirst);
    auto& journal = stage.builds().journal();
    journal.block("rebuild_package", At::Start);
    stage.world().start(kSecond);
    std::jthread run([&] { stage.perform(job_kind::kRunWorkflows); });
    journal.await_blocked("rebuild_package", At::Start);
    stage.happens(build(Type::BuildFail, "1", now_in_microseconds()));
    CHECK(stage.world().ask("SELECT state FROM build_events") == "kept");
    journal.fail("rebuild_package", {RemoteError::Kind::GiveUp, "rebuild", "no permission"}, At::End);
    journal.release("rebuild_package", At::Start);
    run.join();
    stage.perform_all();
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "failure failed");
    CHECK(stage.status("bbbbbbb2", context_of("hello")).empty());
    CHECK(stage.status("bbbbbbb2", kStarted).starts_with("failure workflow \"build\""));
}

TEST_CASE("what was built before a rebuild is not said again; what will never be built is") {
    JobStage stage;
    with_rebuild(stage);
    stage.builds().set_results(kHello, one_result(BuildState::Failed, {"1", ""}));
    stage.run(kFirst);
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "pending scheduled");
    stage.builds().set_results(kHello, one_result(BuildState::Disabled));
    stage.run(kSecond);
    CHECK(stage.status("bbbbbbb2", context_of("hello")) == "success not built: disabled");
}

TEST_CASE("a rerun makes the status pending again and then says its own result") {
    JobStage stage;
    with_services(stage);
    const auto run = stage.run(kFirst);
    stage.happens(build(Type::BuildFail, "2", 1000us));
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "failure failed");
    CHECK(in_transaction(stage.world().pool(), [&](pqxx::work& tx) { return rerun(tx, run); }) == 2);
    CHECK_THROWS_AS(in_transaction(stage.world().pool(), [&](pqxx::work& tx) { rerun(tx, run); }),
                    std::logic_error);
    stage.perform(job_kind::kRunWorkflows);
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "pending building");
    stage.happens(build(Type::BuildFail, "2", 1500us));  // of the first attempt, late
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "pending building");
    stage.happens(build(Type::BuildSuccess, "3", 2000us));
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "success succeeded");
    CHECK(stage.world().ask("SELECT attempt, status FROM run_steps ORDER BY attempt") == "1|done;2|done");
}

TEST_CASE("a multibuild flavour is a build of its own") {
    JobStage stage;
    with_services(stage);
    stage.run(kFirst);
    BuildEvent flavour = build(Type::BuildFail, "2");
    flavour.package.package = "hello:gui";
    stage.happens(flavour);
    stage.happens(build(Type::BuildSuccess, "2"));
    CHECK(stage.status("aaaaaaa1", context_of("hello:gui")) == "failure failed");
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "success succeeded");
    CHECK(without_flavour({"p", "_product:x"}) == PackageRef{"p", "_product:x"});
}

TEST_CASE("a build that ends while its token is disabled is reported when the token is enabled") {
    JobStage stage;
    with_services(stage);
    stage.run(kFirst);
    stage.perform_all();
    stage.world().tell("UPDATE tokens SET enabled = false");
    stage.happens(build(Type::BuildFail, "2"));
    stage.perform_all();
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "failure failed");
    CHECK(stage.reporter().showing("aaaaaaa1", context_of("hello")) == "pending building");
    CHECK(stage.world()
              .ask("SELECT message FROM status_reports WHERE state = 'given_up'")
              .find("is disabled") != std::string::npos);
    stage.world().tell("UPDATE tokens SET enabled = true");
    in_transaction(stage.world().pool(),
                   [&](pqxx::work& tx) { send_what_token_missed(tx, stage.world().token_id()); });
    stage.perform_all();
    CHECK(stage.reporter().showing("aaaaaaa1", context_of("hello")) == "failure failed");
}

TEST_CASE("a build that is withdrawn for a newer commit keeps the reason that names it") {
    JobStage stage;
    with_services(stage);
    stage.run(kFirst);
    stage.run(kSecond);
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "error superseded by bbbbbbb");
    stage.happens(build(Type::BuildWithdrawn, "2"));
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "error superseded by bbbbbbb");
    stage.happens(build(Type::BuildWithdrawn, "3"));
    CHECK(stage.status("bbbbbbb2", context_of("hello")).starts_with("error withdrawn"));
}

TEST_CASE("a build that two tokens wait for is said to both commits") {
    JobStage stage;
    with_services(stage);
    stage.run(kFirst);
    const auto token = stage.world().add_token();
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) {
        const ScmEvent event = RunWorld::pull_request(5, "eeeeeee5");
        start_run(tx, {token, stage.world().repository_id(), "manual", std::nullopt, event});
    });
    stage.config().set_file(kRebuild);
    stage.perform(job_kind::kRunWorkflows);
    stage.happens(build(Type::BuildFail, "2", now_in_microseconds()));
    CHECK(stage.status("eeeeeee5", context_of("hello")) == "failure failed");
    CHECK(stage.status("aaaaaaa1", context_of("hello")) == "failure failed");
}

TEST_CASE("a closing delivery ends what is pending and posts nothing") {
    JobStage stage;
    stage.config().set_file(kBranch);
    stage.builds().add_package(kHello);
    stage.run(kFirst);
    const std::string project = stage.world().ask("SELECT project FROM pull_request_projects");
    const PackageRef target{project, "hello"};
    REQUIRE(stage.builds().package(target).has_value());
    stage.builds().set_results(target, one_result(BuildState::Building));
    stage.run(kSecond);
    CHECK(stage.status("bbbbbbb2", context_of("hello")) == "pending building");

    stage.config().set_file(std::nullopt);  // whatever the file says now
    stage.run(RunWorld::pull_request(1, "ddddddd4", PullRequestKind::Closed));
    CHECK_FALSE(stage.builds().project(project).has_value());
    CHECK(stage.status("bbbbbbb2", context_of("hello")) == "error project " + project + " was deleted");
    CHECK(stage.world().ask("SELECT count(*) FROM commit_statuses WHERE commit_sha = 'ddddddd4'") == "0");
    CHECK(stage.world().ask("SELECT deleted_at IS NOT NULL FROM pull_request_projects") == "t");
}
