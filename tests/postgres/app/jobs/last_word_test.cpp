// SPDX-License-Identifier: Apache-2.0
// What a look at the build service tells beyond lost events: that nothing more will come, that what was
// promised is not there, that more is to come than was known.
#include <doctest/doctest.h>

#include "app/postgres/build_event_store.hpp"
#include "app/postgres/reconciliation_store.hpp"
#include "tests/support/looks.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using heddle::testing::a_build_event;
using heddle::testing::at;
using heddle::testing::context_of;
using heddle::testing::hours_pass;
using heddle::testing::JobStage;
using heddle::testing::last;
using heddle::testing::look;
using heddle::testing::now_in_microseconds;
using heddle::testing::RunWorld;
using heddle::testing::unbuilt;
using Type = BuildEventType;
using State = BuildState;
using namespace std::chrono_literals;

namespace {

const PackageRef kHello{"demo", "hello"};
const ScmEvent kFirst = RunWorld::pull_request(1, "aaaaaaa1");
const ScmEvent kSecond = RunWorld::pull_request(1, "bbbbbbb2", PullRequestKind::Updated);
const char* kServices = "build:\n  steps:\n    - trigger_services: { project: demo, package: hello }\n";
const char* kRebuild = "build:\n  steps:\n    - rebuild_package: { project: demo, package: hello }\n";

/// Each run makes a revision of demo/hello: 2, 3, ...
void with_services(JobStage& stage) {
    stage.config().set_file(kServices);
    stage.builds().add_services(kHello);
    stage.builds().set_results(kHello, {at("local", State::Scheduled)});
}

void with_rebuild(JobStage& stage) {
    stage.config().set_file(kRebuild);
    stage.builds().add_package(kHello);
    stage.builds().set_results(kHello, {at("local", State::Building)});
}

/// A build of that revision that began and ended then.
BuildEvent built(Type type,
                 const std::string& rev,
                 std::chrono::microseconds began,
                 std::chrono::microseconds ended) {
    BuildEvent event = a_build_event(type, kHello, rev, began);
    event.ended_at = TimePoint(ended);
    return event;
}

void tell_by_bus(JobStage& stage, const BuildEvent& event) {
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { store_build_events(tx, "bus", {event}); });
    stage.perform_all();
}

std::string first(JobStage& stage, const std::string& package = "hello") {
    return stage.status("aaaaaaa1", context_of(package));
}
std::string second(JobStage& stage) { return stage.status("bbbbbbb2", context_of("hello")); }

}  // namespace

TEST_CASE("what is listed as not built because of other sources is not the new commit's word") {
    JobStage stage;
    with_services(stage);
    stage.builds().set_results(kHello, {at("local", State::Excluded, "1")});
    stage.run(kFirst);
    CHECK(first(stage) == "pending scheduled");
    stage.builds().set_results(kHello, {at("local", State::Excluded, "3")});
    stage.run(kSecond);
    CHECK(second(stage) == "success not built: excluded");
}

TEST_CASE("a rebuild that is asked for while the package is built gets the end of that build") {
    JobStage stage;
    with_rebuild(stage);
    const auto before = now_in_microseconds();
    stage.run(kFirst);
    CHECK(first(stage) == "pending building");
    const BuildEvent end = built(Type::BuildFail, "1", before - 60s, now_in_microseconds() + 1s);
    stage.happens(end);
    CHECK(first(stage) == "pending building");
    // The build service is asked at once whether it has another build in mind.
    SUBCASE("which it has") {
        CHECK(look(stage) == 1);
        CHECK(first(stage) == "pending building");
        stage.happens(built(Type::BuildSuccess, "1", now_in_microseconds(), now_in_microseconds() + 1s));
        CHECK(first(stage) == "success succeeded");
    }
    SUBCASE("which it has not") {
        stage.builds().set_results(kHello, {at("local", State::Failed, "1")});
        stage.builds().set_latest_events(kHello, {last(end)});
        CHECK(look(stage) == 1);
        CHECK(first(stage) == "failure failed");
        hours_pass(stage);
        CHECK(look(stage) == 0);
    }
}

TEST_CASE("a rebuild that never began ends as an error, but not before it had its time") {
    JobStage stage;
    with_rebuild(stage);
    stage.run(kFirst);
    const auto long_ago = now_in_microseconds() - 10h;
    stage.builds().set_results(kHello, {at("local", State::Succeeded, "1")});
    stage.builds().set_latest_events(kHello, {last(built(Type::BuildSuccess, "1", long_ago, long_ago + 1s))});
    in_transaction(stage.world().pool(), [](pqxx::work& tx) { reconcile_everything(tx); });
    CHECK(look(stage) == 1);
    CHECK(first(stage) == "pending building");
    hours_pass(stage);
    CHECK(look(stage) == 1);
    CHECK(first(stage) == "error not built again since that was asked for");
    // It is built after all.
    stage.happens(a_build_event(Type::BuildSuccess, kHello, "1", now_in_microseconds()));
    CHECK(first(stage) == "success succeeded");
}

TEST_CASE("what was promised where nothing is built any more ends") {
    JobStage stage;
    with_services(stage);
    stage.builds().set_results(kHello, {at("local", State::Scheduled), at("other", State::Scheduled)});
    stage.run(kFirst);
    CHECK(stage.status("aaaaaaa1", "OBS: hello - other/x86_64") == "pending scheduled");
    stage.builds().set_results(kHello, {at("local", State::Scheduled)});
    hours_pass(stage);
    CHECK(look(stage) == 1);
    CHECK(stage.status("aaaaaaa1", "OBS: hello - other/x86_64") == "error it is not built there any more");
    CHECK(first(stage) == "pending scheduled");
}

TEST_CASE("builds that become known later are pending from then on") {
    JobStage stage;
    with_services(stage);
    stage.run(kFirst);
    BuildResult flavour = at("local", State::Scheduled);
    flavour.flavour = "mini";
    stage.builds().set_results(kHello, {at("local", State::Building), flavour});
    hours_pass(stage);
    CHECK(look(stage) == 1);
    CHECK(first(stage) == "pending building");
    CHECK(first(stage, "hello:mini") == "pending scheduled");
}

TEST_CASE("a revision is asked about until all of its builds have ended") {
    JobStage stage;
    stage.parts().reports.pending = ReportsConfig::Pending::None;
    with_services(stage);
    stage.run(kFirst);
    const BuildEvent good = last(a_build_event(Type::BuildSuccess, kHello, "2", 1000us));
    stage.happens(good);
    stage.builds().set_latest_events(kHello, {good});
    stage.builds().set_results(kHello, {at("local", State::Succeeded, "2"), at("other", State::Scheduled)});
    hours_pass(stage);
    CHECK(look(stage) == 1);
    hours_pass(stage);
    CHECK(look(stage) == 1);
    BuildEvent off = last(unbuilt(Type::BuildExcluded, "2"));
    off.repository = "other";
    stage.builds().set_latest_events(kHello, {good, off});
    stage.builds().set_results(kHello, {at("local", State::Succeeded, "2"), at("other", State::Disabled)});
    hours_pass(stage);
    CHECK(look(stage) == 1);
    CHECK(stage.status("aaaaaaa1", "OBS: hello - other/x86_64") == "success not built");
    hours_pass(stage);
    CHECK(look(stage) == 0);
}

TEST_CASE("the same answer about another commit is an answer again") {
    JobStage stage;
    with_rebuild(stage);
    for (const auto& [event, commit] : {std::pair{kFirst, "aaaaaaa1"}, std::pair{kSecond, "bbbbbbb2"}}) {
        stage.builds().set_results(kHello, {at("local", State::Scheduled)});
        stage.run(event);
        CHECK(stage.status(commit, context_of("hello")) == "pending scheduled");
        stage.builds().set_results(kHello, {at("local", State::Disabled)});
        stage.builds().set_latest_events(kHello, {last(unbuilt(Type::BuildExcluded, "1"))});
        hours_pass(stage);
        CHECK(look(stage) == 1);
        CHECK(stage.status(commit, context_of("hello")) == "success not built");
    }
}

TEST_CASE("a deletion that is told without its time is looked after before it is believed") {
    JobStage stage;
    with_services(stage);
    stage.run(kFirst);
    BuildEvent gone;
    SUBCASE("of the project") { gone = deletion_of({"demo", ""}); }
    SUBCASE("of the package") { gone = deletion_of(kHello); }
    SUBCASE("and it is true") {
        gone = deletion_of({"demo", ""});
        stage.builds().delete_project("demo", "");
        tell_by_bus(stage, gone);
        CHECK(first(stage) == "pending scheduled");
        CHECK(look(stage) == 1);
        CHECK(first(stage) == "error project demo was deleted");
        return;
    }
    tell_by_bus(stage, gone);
    CHECK(look(stage) == 1);
    CHECK(first(stage) == "pending scheduled");
    stage.happens(a_build_event(Type::BuildSuccess, kHello, "2"));
    CHECK(first(stage) == "success succeeded");
}

TEST_CASE("what can't be built any more is known by a look, where its event has no time") {
    JobStage stage;
    with_services(stage);
    stage.run(kFirst);
    const auto built_at = now_in_microseconds() - 1h;
    stage.happens(a_build_event(Type::BuildSuccess, kHello, "2", built_at));
    const BuildEvent broken = unbuilt(Type::BuildUnresolvable, "2");
    tell_by_bus(stage, broken);
    CHECK(first(stage) == "success succeeded");
    SUBCASE("still") {
        BuildEvent seen = last(broken);
        seen.started_at = TimePoint(built_at);
        stage.builds().set_latest_events(kHello, {seen});
        stage.builds().set_results(kHello, {at("local", State::Unresolvable, "2")});
        CHECK(look(stage) == 1);
        CHECK(first(stage) == "failure unresolvable");
        stage.happens(a_build_event(Type::BuildSuccess, kHello, "2", now_in_microseconds() + 1s));
        CHECK(first(stage) == "success succeeded");
    }
    SUBCASE("no longer: it was told late") {
        stage.builds().set_results(kHello, {at("local", State::Succeeded, "2")});
        CHECK(look(stage) == 1);
        CHECK(first(stage) == "success succeeded");
    }
}

TEST_CASE("what could not be built for a while shows its old end again") {
    JobStage stage;
    with_services(stage);
    stage.run(kFirst);
    const auto began = now_in_microseconds();
    const BuildEvent failed = last(built(Type::BuildFail, "2", began, began + 1s));
    stage.happens(a_build_event(Type::BuildFail, kHello, "2", began));
    BuildEvent off = last(unbuilt(Type::BuildExcluded, "2"));
    off.started_at = failed.started_at;  // of the newest build
    const auto look_at = [&](const BuildEvent& event, State state) {
        stage.builds().set_latest_events(kHello, {event});
        stage.builds().set_results(kHello, {at("local", state, "2")});
        in_transaction(stage.world().pool(), [](pqxx::work& tx) { reconcile_everything(tx); });
        CHECK(look(stage) == 1);
    };
    look_at(off, State::Disabled);
    CHECK(first(stage) == "success not built");
    look_at(failed, State::Failed);
    CHECK(first(stage) == "failure failed");
    look_at(off, State::Disabled);
    CHECK(first(stage) == "success not built");
    stage.happens(a_build_event(Type::BuildSuccess, kHello, "2", began + 60s));
    CHECK(first(stage) == "success succeeded");
}

TEST_CASE("what one executor does not see says nothing about another's builds") {
    JobStage stage;
    with_services(stage);
    stage.run(kFirst);
    stage.builds().delete_project("demo", "");
    hours_pass(stage);
    stage.world().tell("UPDATE users SET login = 'ann' WHERE id = (SELECT executor_id FROM tokens)");
    const ReconciliationPlace bob{"bob", "demo"};
    const ReconciliationList list{{"hello"}, "2100-01-01", "2100-01-01"};
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { store_absence(tx, bob, list, {"demo", ""}); });
    CHECK(first(stage) == "pending scheduled");
    const ReconciliationPlace ann{"ann", "demo"};
    in_transaction(stage.world().pool(), [&](pqxx::work& tx) { store_absence(tx, ann, list, {"demo", ""}); });
    CHECK(first(stage) == "error project demo was deleted");
}

TEST_CASE("what was not found for a while is told of again when it is there") {
    JobStage stage;
    with_services(stage);
    stage.run(kFirst);
    stage.builds().delete_project("demo", "");
    hours_pass(stage);
    CHECK(look(stage) == 1);
    CHECK(first(stage) == "error project demo was deleted");
    hours_pass(stage);
    CHECK(look(stage) == 0);
    stage.happens(a_build_event(Type::BuildSuccess, kHello, "2"));
    CHECK(first(stage) == "success succeeded");
}

TEST_CASE("where nobody builds what was promised ends, but not before it had its time") {
    JobStage stage;
    with_services(stage);
    stage.run(kFirst);
    BuildEvent nobody = last(unbuilt(Type::BuildWithdrawn, "2"));
    nobody.reason = "no scheduler looks there";
    stage.builds().set_latest_events(kHello, {nobody});
    in_transaction(stage.world().pool(), [](pqxx::work& tx) { reconcile_everything(tx); });
    CHECK(look(stage) == 1);
    CHECK(first(stage) == "pending scheduled");
    hours_pass(stage);
    CHECK(look(stage) == 1);
    CHECK(first(stage) == "error withdrawn: no scheduler looks there");
}

TEST_CASE("a look that is refused settles nothing") {
    JobStage stage;
    stage.parts().reports.pending = ReportsConfig::Pending::None;
    with_services(stage);
    stage.run(kFirst);
    stage.happens(last(a_build_event(Type::BuildSuccess, kHello, "2", 1000us)));
    stage.builds().set_results(kHello, {at("local", State::Succeeded, "2"), at("other", State::Scheduled)});
    hours_pass(stage);
    stage.builds().journal().fail("latest_events",
                                  RemoteError(RemoteError::Kind::GiveUp, "look", "forbidden"));
    CHECK(look(stage) == 1);
    hours_pass(stage);
    CHECK(look(stage) == 1);
}

TEST_CASE("a look does not lead to the next one") {
    JobStage stage;
    with_rebuild(stage);
    const auto before = now_in_microseconds();
    stage.run(kFirst);
    // The build service may have more to do there: the end of the build that went on is not the last word.
    stage.builds().set_latest_events(kHello,
                                     {built(Type::BuildFail, "1", before - 60s, now_in_microseconds() + 1s)});
    in_transaction(stage.world().pool(), [](pqxx::work& tx) { reconcile_everything(tx); });
    CHECK(look(stage) == 1);
    CHECK(first(stage) == "pending building");
    CHECK(look(stage) == 0);
}
