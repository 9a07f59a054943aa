// SPDX-License-Identifier: Apache-2.0
// What becomes of a request in the commit statuses: from the step to each change of its state.
#include <doctest/doctest.h>

#include "app/postgres/build_event_store.hpp"
#include "app/postgres/job_end.hpp"
#include "app/postgres/reconciliation_store.hpp"
#include "app/postgres/request_reconciliation_store.hpp"
#include "app/postgres/status_store.hpp"
#include "tests/support/job_stage.hpp"

using namespace heddle;
using heddle::testing::JobStage;
using heddle::testing::kStarted;
using heddle::testing::RunWorld;

namespace {

const PackageRef kSource{"demo", "hello"};
const std::string kContext = "OBS: Request 1";
const std::string kFile = R"(
ask:
  steps:
    - submit_request:
        source_project: demo
        source_package: hello
        target_project: stable
)";
const ScmEvent kOpened = RunWorld::pull_request(1, "aaaaaaa1");

struct Stage : JobStage {
    Stage() {
        config().set_file(kFile);
        builds().add_package(kSource);
        builds().add_project("stable");
    }
};

BuildEvent change_of(std::int64_t number,
                     const std::string& state,
                     int second,
                     const std::string& reason = "",
                     const std::string& target = "stable") {
    BuildEvent event;
    event.type = BuildEventType::RequestStateChange;
    event.request = number;
    event.request_state = state;
    event.ended_at = TimePoint(std::chrono::seconds(1'700'000'000 + second));
    event.reason = reason;
    event.package.project = target;
    return event;
}

}  // namespace

TEST_CASE("a request is pending on its commit until somebody decides") {
    Stage stage;
    const std::int64_t run = stage.run(kOpened);
    CHECK(stage.status("aaaaaaa1", kContext) == "pending waits to be accepted");
    CHECK(stage.status("aaaaaaa1", kStarted).starts_with("success"));
    CHECK(stage.world().ask(
              "SELECT run_steps.artifacts->'request_numbers_and_state'->>'new' FROM run_steps") == "1");
    // Nobody follows a run until people have decided.
    const auto rest =
        in_transaction(stage.world().pool(), [&](pqxx::work& tx) { return rest_of_run(tx, run); });
    CHECK(rest->pending == 0);
    stage.happens(change_of(1, "review", 1));
    CHECK(stage.status("aaaaaaa1", kContext) == "pending is reviewed");
    stage.happens(change_of(1, "accepted", 2, "good"));
    CHECK(stage.status("aaaaaaa1", kContext) == "success accepted: good");
    CHECK(stage.world().ask("SELECT state FROM request_subscriptions") == "accepted");
    CHECK(stage.world().ask("SELECT DISTINCT state FROM build_events") == "matched");
}

TEST_CASE("each end of a request that is no acceptance is a failure") {
    for (const std::string state : {"declined", "revoked", "superseded"}) {
        CAPTURE(state);
        Stage stage;
        stage.run(kOpened);
        stage.happens(change_of(1, state, 1));
        CHECK(stage.status("aaaaaaa1", kContext) == "failure " + state);
    }
}

TEST_CASE("a change that is told late, twice or by somebody else changes nothing") {
    Stage stage;
    stage.run(kOpened);
    stage.happens(change_of(1, "accepted", 5));
    stage.happens(change_of(1, "accepted", 5));
    stage.happens(change_of(1, "review", 4));
    stage.happens(change_of(2, "declined", 6));
    stage.happens(change_of(1, "declined", 6, "", "other"));
    CHECK(stage.status("aaaaaaa1", kContext) == "success accepted");
    CHECK(stage.world().ask("SELECT state FROM request_subscriptions") == "accepted");
    CHECK(stage.world().ask("SELECT count(*) FROM build_events WHERE state = 'kept'") == "2");
    stage.happens(change_of(1, "declined", 7, "", ""));
    CHECK(stage.status("aaaaaaa1", kContext) == "failure declined");
}

TEST_CASE("a decision that was quicker than the answer is not lost") {
    Stage stage;
    stage.happens(change_of(1, "accepted", 1));
    CHECK(stage.world().ask("SELECT state FROM build_events") == "kept");
    stage.run(kOpened);
    stage.perform_all();
    CHECK(stage.status("aaaaaaa1", kContext) == "success accepted");
    CHECK(stage.world().ask("SELECT state FROM build_events") == "matched");
}

TEST_CASE("an update's commit has the new request, the old one the old") {
    Stage stage;
    stage.run(kOpened);
    stage.run(RunWorld::pull_request(1, "bbbbbbb2", PullRequestKind::Updated));
    CHECK(stage.builds().requests().at(1).state == "superseded");
    stage.happens(change_of(1, "superseded", 1, "by request 2"));
    CHECK(stage.status("aaaaaaa1", kContext) == "failure superseded: by request 2");
    CHECK(stage.status("bbbbbbb2", kContext).empty());
    CHECK(stage.status("bbbbbbb2", "OBS: Request 2") == "pending waits to be accepted");
    // What has ended is not touched again.
    stage.happens(change_of(2, "accepted", 2));
    stage.builds().set_request(2, "accepted");
    stage.run(RunWorld::pull_request(1, "ccccccc3", PullRequestKind::Updated));
    CHECK(stage.builds().requests().at(2).state == "accepted");
    CHECK(stage.status("ccccccc3", "OBS: Request 3") == "pending waits to be accepted");
}

TEST_CASE("a pull request revokes its own requests only, and posts nothing but their end") {
    Stage stage;
    stage.run(kOpened);
    stage.run(RunWorld::pull_request(2, "ddddddd4"));
    stage.run(RunWorld::pull_request(1, "aaaaaaa1", PullRequestKind::Closed));
    CHECK(stage.builds().requests().at(1).state == "revoked");
    CHECK(stage.builds().requests().at(2).state == "new");
    stage.happens(change_of(1, "revoked", 1, "closed"));
    CHECK(stage.status("aaaaaaa1", kContext) == "failure revoked: closed");
    CHECK(stage.status("ddddddd4", "OBS: Request 2") == "pending waits to be accepted");
}

TEST_CASE("a request of a tag is made, and nobody hears of it") {
    Stage stage;
    ScmEvent tag = kOpened;
    tag.event_class = EventClass::TagPush;
    tag.kind.reset();
    tag.number.reset();
    tag.tag = "v1";
    tag.target.branch.clear();
    stage.run(tag);
    CHECK(stage.builds().requests().size() == 1);
    CHECK(stage.world().ask("SELECT count(*) FROM request_subscriptions") == "0");
    CHECK(stage.status("aaaaaaa1", kContext).empty());
}

TEST_CASE("what nobody told of a request is asked for") {
    Stage stage;
    stage.run(kOpened);
    const auto reconcile = [&] {
        const int jobs = in_transaction(stage.world().pool(), [&](pqxx::work& tx) {
            return enqueue_request_reconciliation(tx, stage.parts().reconcile_after);
        });
        stage.perform_all();
        return jobs;
    };
    CHECK(reconcile() == 0);
    stage.world().tell("UPDATE request_subscriptions SET created_at = created_at - interval '1 hour'");
    CHECK(reconcile() == 1);
    CHECK(stage.status("aaaaaaa1", kContext) == "pending waits to be accepted");
    CHECK(stage.world().ask("SELECT count(*) FROM build_events") == "0");
    CHECK(reconcile() == 0);
    stage.builds().set_request(1, "accepted");
    in_transaction(stage.world().pool(), [](pqxx::work& tx) { reconcile_everything(tx); });
    CHECK(reconcile() == 1);
    CHECK(stage.status("aaaaaaa1", kContext) == "success accepted");
    in_transaction(stage.world().pool(), [](pqxx::work& tx) { reconcile_everything(tx); });
    CHECK(reconcile() == 0);
}

TEST_CASE("a request that is gone ends its status") {
    Stage stage;
    stage.run(kOpened);
    stage.world().tell(
        "UPDATE request_subscriptions SET number = 77, created_at = created_at - interval '1 hour'");
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) {
        enqueue_request_reconciliation(tx, stage.parts().reconcile_after);
    });
    stage.perform_all();
    CHECK(stage.status("aaaaaaa1", "OBS: Request 77") == "error the request was deleted");
}

TEST_CASE("a change that can't be handled ends what is pending") {
    Stage stage;
    stage.run(kOpened);
    in_transaction(stage.world().pool(),
                   [](pqxx::work& tx) { store_build_events(tx, "test", {change_of(1, "accepted", 1)}); });
    const Job job = stage.world().claim("build_event");
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { bury_job(tx, job, "out of memory"); });
    CHECK(stage.status("aaaaaaa1", kContext) ==
          "error the request's change could not be handled: out of memory");
}
