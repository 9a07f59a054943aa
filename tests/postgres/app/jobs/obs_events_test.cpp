// SPDX-License-Identifier: Apache-2.0
// What OBS tells, and the commits it is about: late words, the same word on two ways, unchanged results.
#include <doctest/doctest.h>

#include "app/postgres/build_event_store.hpp"
#include "app/postgres/event_source_store.hpp"
#include "tests/support/job_stage.hpp"

using namespace heddle;
using namespace std::chrono_literals;
using heddle::testing::a_build_event;
using heddle::testing::context_of;
using heddle::testing::JobStage;
using heddle::testing::now_in_microseconds;
using heddle::testing::one_result;
using heddle::testing::RunWorld;
using Type = BuildEventType;

namespace {

const PackageRef kHello{"demo", "hello"};
const ScmEvent kOpened = RunWorld::pull_request(1, "aaaaaaa1");

/// A run that waits for revision 2 of demo/hello.
struct Waiting : JobStage {
    Waiting() {
        config().set_file("build:\n  steps:\n    - trigger_services: {project: demo, package: hello}\n");
        builds().add_services(kHello);
        builds().set_results(kHello, one_result(BuildState::Building));
        run(kOpened);
        REQUIRE(shown() == "pending building");
    }
    std::string shown() { return status("aaaaaaa1", context_of("hello")); }
    std::string version() {
        return world().ask("SELECT version FROM commit_statuses WHERE context = '" + context_of("hello") +
                           "'");
    }
    int store_from_bus(const std::vector<BusEvent>& events) {
        return in_transaction(world().pool(), [&](pqxx::work& tx) { return store_bus_events(tx, events); });
    }
};

BuildEvent gone(Type type, std::chrono::microseconds when) {
    BuildEvent event;
    event.type = type;
    event.package = {"demo", type == Type::PackageDeleted ? "hello" : ""};
    event.ended_at = TimePoint(when);
    return event;
}

BuildEvent build(Type type) { return a_build_event(type, kHello, "2", 1'700'000'000s); }

}  // namespace

TEST_CASE("an unchanged result is a success of the commit that waits") {
    Waiting stage;
    stage.happens(build(Type::BuildUnchanged));
    CHECK(stage.shown() == "success succeeded, the result is the same as before");
}

TEST_CASE("a deletion that is heard of late ends nothing that was asked for after it") {
    Waiting stage;
    SUBCASE("of the project") { stage.happens(gone(Type::ProjectDeleted, now_in_microseconds() - 60s)); }
    SUBCASE("of the package") { stage.happens(gone(Type::PackageDeleted, now_in_microseconds() - 60s)); }
    CHECK(stage.shown() == "pending building");
    stage.happens(build(Type::BuildSuccess));
    CHECK(stage.shown() == "success succeeded");
}

TEST_CASE("a deletion after the request ends it") {
    Waiting stage;
    stage.happens(gone(Type::ProjectDeleted, now_in_microseconds()));
    CHECK(stage.shown() == "error project demo was deleted");
    CHECK(stage.world().ask("SELECT count(*) FROM event_subscriptions") == "0");
}

TEST_CASE("the same build's end by queue and by bus says one thing once") {
    Waiting stage;
    const BusEvent said{build(Type::BuildFail), "build_fail {...}", true};
    SUBCASE("the queue first") {
        stage.happens(said.event);
        CHECK(stage.store_from_bus({said}) == 1);
    }
    SUBCASE("the bus first") {
        CHECK(stage.store_from_bus({said}) == 1);
        stage.perform_all();
        in_transaction(stage.world().pool(),
                       [&](pqxx::work& tx) { store_build_events(tx, "notifications", {said.event}); });
    }
    SUBCASE("together, before any of them is looked at") {
        CHECK(stage.store_from_bus({said}) == 1);
        in_transaction(stage.world().pool(),
                       [&](pqxx::work& tx) { store_build_events(tx, "notifications", {said.event}); });
    }
    stage.perform_all();
    CHECK(stage.shown() == "failure failed");
    CHECK(stage.version() == "2");  // pending, then this
    CHECK(stage.world().ask(
              "SELECT count(*), count(DISTINCT sender) FROM build_events WHERE state = 'matched'") == "2|2");
}

TEST_CASE("the same message ten times is one event, a second build of the revision is another") {
    Waiting stage;
    const BusEvent first{build(Type::BuildFail), "build_fail {\"starttime\":1}", true};
    CHECK(stage.store_from_bus(std::vector<BusEvent>(10, first)) == 1);
    CHECK(stage.store_from_bus({first}) == 0);
    BusEvent second{build(Type::BuildSuccess), "build_success {\"starttime\":2}", true};
    *second.event.started_at += 60s;
    CHECK(stage.store_from_bus({first, second, first, second}) == 1);
    stage.perform_all();
    CHECK(stage.shown() == "success succeeded");
    // Out of order: the first build's end, heard last, changes nothing.
    BusEvent late = first;
    late.wording += " ";
    CHECK(stage.store_from_bus({late}) == 1);
    stage.perform_all();
    CHECK(stage.shown() == "success succeeded");
}

TEST_CASE("a deletion that is said again at once is one, some minutes later it is another") {
    Waiting stage;
    BusEvent deleted{gone(Type::ProjectDeleted, 0us), "project_deleted {\"project\":\"demo\"}", false};
    deleted.event.ended_at.reset();
    CHECK(stage.store_from_bus(std::vector<BusEvent>(10, deleted)) == 1);
    CHECK(stage.store_from_bus({deleted}) == 0);
    const auto age = [&](const std::string& minutes) {
        stage.world().tell(
            "UPDATE build_events SET sender_id = split_part(sender_id, '@', 1) || '@' || "
            "(split_part(sender_id, '@', 2)::bigint - " +
            minutes + ")");
    };
    age("1");
    CHECK(stage.store_from_bus({deleted}) == 0);
    age("3");
    CHECK(stage.store_from_bus({deleted}) == 1);
}
