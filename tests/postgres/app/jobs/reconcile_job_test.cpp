// SPDX-License-Identifier: Apache-2.0
// Builds whose end nobody told: the build service is asked (design 4.5).
#include <doctest/doctest.h>

#include <thread>

#include "app/postgres/reconciliation_store.hpp"
#include "tests/support/looks.hpp"

using namespace heddle;
using heddle::testing::a_build_event;
using heddle::testing::context_of;
using heddle::testing::hours_pass;
using heddle::testing::JobStage;
using heddle::testing::look;
using heddle::testing::one_result;
using heddle::testing::RunWorld;
using At = heddle::test::CallJournal::At;
using Type = BuildEventType;
using namespace std::chrono_literals;

namespace {

const PackageRef kHello{"demo", "hello"};
const ScmEvent kPull = RunWorld::pull_request(1, "aaaaaaa1");

/// A run that waits for revision 2 of demo/hello.
void with_run(JobStage& stage) {
    stage.config().set_file(R"(
build:
  steps:
    - trigger_services:
        project: demo
        package: hello
)");
    stage.builds().add_services(kHello);
    stage.builds().set_results(kHello, one_result(BuildState::Building));
    stage.run(kPull);
    stage.perform_all();
}

BuildEvent ended(Type type,
                 const std::string& repository = "local",
                 std::chrono::microseconds start = 1000us) {
    BuildEvent event = a_build_event(type, kHello, "2", start);
    event.repository = repository;
    return event;
}

/// The build service has come to these ends, and to no other.
void come_to(JobStage& stage, std::vector<BuildEvent> events) {
    std::vector<BuildResult> results;
    for (BuildEvent& event : events) {
        event.is_last = true;
        results.push_back({event.repository, event.architecture, BuildState::Succeeded, event.revision, ""});
    }
    stage.builds().set_latest_events(kHello, events);
    stage.builds().set_results(kHello, results);
}

std::size_t times_asked(JobStage& stage) { return stage.builds().journal().lines_of("latest_events").size(); }

std::string hello(JobStage& stage) { return stage.status("aaaaaaa1", context_of("hello")); }

}  // namespace

TEST_CASE("a build whose end was not told is asked about, once it has had its time") {
    JobStage stage;
    with_run(stage);
    Type type = Type::BuildSuccess;
    std::string status;
    SUBCASE("it succeeded") { type = Type::BuildSuccess, status = "success succeeded"; }
    SUBCASE("it is the same as before") {
        type = Type::BuildUnchanged, status = "success succeeded, the result is the same as before";
    }
    SUBCASE("it failed") { type = Type::BuildFail, status = "failure failed"; }
    SUBCASE("it is broken") { type = Type::BuildBroken, status = "failure broken"; }
    SUBCASE("it is unresolvable") { type = Type::BuildUnresolvable, status = "failure unresolvable"; }
    SUBCASE("it is excluded") { type = Type::BuildExcluded, status = "success not built"; }
    come_to(stage, {ended(type)});
    CHECK(look(stage) == 0);
    CHECK(hello(stage) == "pending building");
    hours_pass(stage);
    CHECK(look(stage) == 1);
    CHECK(hello(stage) == status);
    hours_pass(stage);
    CHECK(look(stage) == 0);
    CHECK(times_asked(stage) == 1);
    CHECK(stage.world().ask("SELECT settled FROM package_revisions") == "t");
}

TEST_CASE("as long as a build waits or runs it is asked about again, and told of once") {
    JobStage stage;
    with_run(stage);
    stage.builds().set_results(kHello, one_result(BuildState::Building));
    hours_pass(stage);
    CHECK(look(stage) == 1);
    CHECK(look(stage) == 0);
    CHECK(hello(stage) == "pending building");
    stage.builds().set_latest_events(kHello, {ended(Type::BuildFail, "other")});
    stage.builds().set_results(kHello,
                               {{"local", "x86_64", BuildState::Building, {}, ""},
                                {"other", "x86_64", BuildState::Failed, {"2", ""}, ""}});
    hours_pass(stage);
    CHECK(look(stage) == 1);
    hours_pass(stage);
    CHECK(look(stage) == 1);
    CHECK(stage.world().ask("SELECT count(*) FROM build_events") == "1");
    CHECK(stage.status("aaaaaaa1", "OBS: hello - other/x86_64") == "failure failed");
    CHECK(hello(stage) == "pending building");
}

TEST_CASE("where nothing is announced as pending the end is asked for all the same") {
    JobStage stage;
    stage.parts().reports.pending = ReportsConfig::Pending::None;
    with_run(stage);
    stage.happens(ended(Type::BuildSuccess));
    come_to(stage, {ended(Type::BuildSuccess), ended(Type::BuildFail, "other")});
    hours_pass(stage);
    CHECK(look(stage) == 1);
    CHECK(stage.status("aaaaaaa1", "OBS: hello - other/x86_64") == "failure failed");
    CHECK(hello(stage) == "success succeeded");
}

TEST_CASE("what the build service no longer has leaves nothing pending") {
    JobStage stage;
    with_run(stage);
    stage.builds().delete_project("demo", "");
    hours_pass(stage);
    auto& journal = stage.builds().journal();
    SUBCASE("") {
        CHECK(look(stage) == 1);
        CHECK(hello(stage) == "error project demo was deleted");
        hours_pass(stage);
        CHECK(look(stage) == 0);
    }
    SUBCASE("but not when it was made again while the answer was on its way") {
        journal.block("latest_events", At::End);
        std::jthread asking([&] { look(stage); });
        journal.await_blocked("latest_events", At::End);
        stage.builds().restore_project("demo");
        stage.run(RunWorld::pull_request(1, "bbbbbbb2", PullRequestKind::Updated));
        journal.release("latest_events", At::End);
        asking.join();
        CHECK(stage.status("bbbbbbb2", context_of("hello")) == "pending building");
        CHECK(stage.world().ask("SELECT count(*) FROM build_events WHERE type = 'project_deleted'") == "0");
    }
}

TEST_CASE("while the build service is away the question waits") {
    JobStage stage;
    with_run(stage);
    come_to(stage, {ended(Type::BuildSuccess)});
    hours_pass(stage);
    auto& journal = stage.builds().journal();
    journal.fail("latest_events", RemoteError(RemoteError::Kind::Retry, "read demo", "connection refused"));
    CHECK_THROWS_AS(look(stage), Postponed);
    // The runner puts it back; the next round brings no second one.
    CHECK(in_transaction(stage.world().pool(), [&](pqxx::work& tx) {
              return enqueue_reconciliation(tx, stage.parts().reconcile_after);
          }) == 0);
    stage.world().tell("UPDATE jobs SET state = 'available', worker_id = NULL, lease_until = NULL");
    stage.perform_all();
    CHECK(hello(stage) == "success succeeded");
}

TEST_CASE("after lost events everything that somebody listens to is asked about again") {
    JobStage stage;
    with_run(stage);
    stage.builds().set_results(kHello, one_result(BuildState::Failed));
    stage.happens(ended(Type::BuildFail));
    hours_pass(stage);
    look(stage);
    hours_pass(stage);
    CHECK(look(stage) == 0);
    // Somebody had it built again, and it went well.
    come_to(stage, {ended(Type::BuildSuccess, "local", 2000us)});
    in_transaction(stage.world().pool(), [](pqxx::work& tx) { reconcile_everything(tx); });
    CHECK(look(stage) == 1);
    CHECK(hello(stage) == "success succeeded");
}

TEST_CASE("after lost events nothing is too young to be asked about, once") {
    JobStage stage;
    with_run(stage);
    come_to(stage, {ended(Type::BuildSuccess)});
    CHECK(look(stage) == 0);
    in_transaction(stage.world().pool(), [](pqxx::work& tx) { reconcile_everything(tx); });
    CHECK(look(stage) == 1);
    CHECK(hello(stage) == "success succeeded");
    CHECK(look(stage) == 0);
}

TEST_CASE("what was built before the commit is nobody's answer") {
    JobStage stage;
    with_run(stage);
    BuildEvent old = ended(Type::BuildFail);
    old.revision.rev = "1";
    come_to(stage, {old});
    hours_pass(stage);
    CHECK(look(stage) == 1);
    CHECK(hello(stage) == "pending building");
}
