// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/housekeeping.hpp"

#include <doctest/doctest.h>

#include "app/postgres/build_event_store.hpp"
#include "tests/support/run_world.hpp"

using namespace heddle;
using heddle::testing::a_build_event;
using heddle::testing::RunWorld;

TEST_CASE("build events go after their time, unless somebody still has to look at them") {
    RunWorld world;
    for (int i = 0; i < 4; ++i)
        in_transaction(world.pool(), [](pqxx::work& tx) {
            store_build_events(
                tx, "test", {a_build_event(BuildEventType::BuildFail, {"demo", "hello"}, "1")});
        });
    world.tell("UPDATE build_events SET state = 'kept' WHERE id IN (1, 4)");
    world.tell("UPDATE build_events SET state = 'matched' WHERE id = 2");
    world.tell("UPDATE build_events SET received_at = now() - interval '8 days' WHERE id < 4");
    CHECK(sweep(world.pool(), {}).build_events == 2);
    CHECK(world.ask("SELECT id, state FROM build_events ORDER BY id") == "3|new;4|kept");
}

TEST_CASE("runs go after their time, with all that hangs on them, when they have ended") {
    RunWorld world;
    for (int i = 0; i < 3; ++i) world.start(RunWorld::pull_request(i, "c0ffee"));
    world.tell(
        "INSERT INTO run_steps (run_id, attempt, step_index, workflow, step, status) "
        "VALUES (1, 1, 0, 'w', 's', 'running')");
    world.tell("UPDATE workflow_runs SET created_at = now() - interval '400 days' WHERE id < 3");
    world.tell("UPDATE workflow_runs SET status = 'success', finished_at = created_at WHERE id <> 2");
    CHECK(sweep(world.pool(), {}).runs == 1);
    CHECK(world.ask("SELECT id FROM workflow_runs ORDER BY id") == "2;3");
    CHECK(world.ask("SELECT count(*) FROM run_steps") == "0");
}

TEST_CASE("deliveries go after their time; runs and duplicates outlive them") {
    RunWorld world;
    world.start(RunWorld::pull_request(1, "c0ffee"));
    world.tell(
        "INSERT INTO deliveries (token_id, verdict, answer_code, run_id, duplicate_of, received_at) VALUES "
        "(1, 'accepted', 200, 1, NULL, now() - interval '91 days'), "
        "(1, 'duplicate', 200, NULL, 1, now() - interval '89 days'), (1, 'ignored', 200, NULL, NULL, now())");
    CHECK(sweep(world.pool(), {}).deliveries == 1);
    CHECK(world.ask("SELECT id, duplicate_of FROM deliveries ORDER BY id") == "2|NULL;3|NULL");
    CHECK(world.ask("SELECT count(*) FROM workflow_runs") == "1");
    RetentionConfig short_one;
    short_one.deliveries = std::chrono::hours(24);
    CHECK(sweep(world.pool(), short_one).deliveries == 1);
}

TEST_CASE("who changed what goes after three years, or when the configuration says") {
    RunWorld world;
    world.tell(
        "INSERT INTO audit_log (login, action, created_at) VALUES ('ann', 'a', now() - interval '1096 "
        "days'), "
        "('ann', 'b', now() - interval '1094 days'), ('ann', 'c', now())");
    CHECK(sweep(world.pool(), {}).audit == 1);
    CHECK(world.ask("SELECT action FROM audit_log ORDER BY id") == "b;c");
    RetentionConfig short_one;
    short_one.audit = std::chrono::hours(24);
    CHECK(sweep(world.pool(), short_one).audit == 1);
    CHECK(world.ask("SELECT action FROM audit_log") == "c");
}

TEST_CASE("one process at a time keeps house") {
    RunWorld world;
    in_transaction(world.pool(), [](pqxx::work& tx) {
        store_build_events(tx, "test", {a_build_event(BuildEventType::BuildFail, {"demo", "hello"}, "1")});
    });
    world.tell("UPDATE build_events SET state = 'kept', received_at = now() - interval '8 days'");
    in_transaction(world.pool(), [&](pqxx::work& other) {
        other.exec("SELECT pg_advisory_xact_lock(1214599252, 0)");
        CHECK(sweep(world.pool(), {}).build_events == 0);
    });
    CHECK(sweep(world.pool(), {}).build_events == 1);
}
