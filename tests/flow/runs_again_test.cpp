// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "app/postgres/run_store.hpp"
#include "tests/support/program.hpp"
#include "tests/support/run_world.hpp"

using namespace heddle;
using heddle::testing::RunWorld;

namespace {

struct Stage {
    RunWorld world;
    test::TemporaryFolder folder;

    test::Ended runs(const std::vector<std::string>& arguments) {
        std::vector<std::string> all{test::heddle_program(), "runs"};
        all.insert(all.end(), arguments.begin(), arguments.end());
        test::RunOptions options;
        options.environment = {{"HEDDLE_DATABASE_URL", world.url()},
                               {"HEDDLE_DATA_DIR", folder.path().string()},
                               {"HEDDLE_CONFIG", ""}};
        return test::run(all, options);
    }
    void end(std::int64_t id) {
        world.tell("DELETE FROM jobs");
        in_transaction(world.pool(),
                       [&](pqxx::work& tx) { end_run(tx, id, RunStatus::Fail, "no such package"); });
    }
};

}  // namespace

TEST_CASE("runs rerun starts the next attempt, of an older run only when forced") {
    Stage stage;
    const auto older = stage.world.start(RunWorld::pull_request(7, "aaaaaaa1"));
    test::Ended ended = stage.runs({"rerun", "1"});
    CHECK(ended.exit_code == 2);
    CHECK(ended.err == "heddle: run 1 has not ended: it is queued\n");
    const auto newer = stage.world.start(RunWorld::pull_request(7, "bbbbbbb2", PullRequestKind::Updated));
    stage.end(older);
    stage.end(newer);
    ended = stage.runs({"rerun", "1"});
    CHECK(ended.exit_code == 2);
    CHECK(ended.err ==
          "heddle: run 1 is not the newest of here//srv/demo.git/pull/7: run 2 came after it; --force starts "
          "it "
          "all the same\n");
    CHECK(stage.world.ask("SELECT count(*) FROM jobs") == "0");

    ended = stage.runs({"rerun", "1", "--force"});
    CHECK_MESSAGE(ended.exit_code == 0, ended.err);
    CHECK(ended.out == "run 1: attempt 2 waits for its turn\n");
    CHECK(stage.world.ask("SELECT kind, payload->>'run', payload->>'forced' FROM jobs") ==
          "run_workflows|1|true");
    CHECK(stage.world.ask("SELECT action, object, details FROM audit_log") == "run.rerun|run 1|attempt 2");
    CHECK(stage.runs({"rerun", "2"}).out == "run 2: attempt 2 waits for its turn\n");
    CHECK(stage.world.ask("SELECT status, attempt FROM workflow_runs") == "queued|2;queued|2");

    ended = stage.runs({"rerun", "9"});
    CHECK(ended.exit_code == 2);
    CHECK(ended.err == "heddle: there is no run 9\n");
}

TEST_CASE("runs resync has the statuses of a run compared") {
    Stage stage;
    const auto run = stage.world.start(RunWorld::pull_request(7, "aaaaaaa1"));
    stage.end(run);
    CHECK(stage.runs({"resync", "1"}).out == "run 1 has no statuses\n");
    Contribution word;
    word.key = stage.world.status_key("aaaaaaa1", "OBS: hello");
    word.producer = "p";
    word.run_id = run;
    in_transaction(stage.world.pool(), [&](pqxx::work& tx) { contribute(tx, {word}); });
    stage.world.tell("DELETE FROM jobs");
    const test::Ended ended = stage.runs({"resync", "1"});
    CHECK_MESSAGE(ended.exit_code == 0, ended.err);
    CHECK(ended.out == "run 1: 1 status will be compared with what the forge shows\n");
    CHECK(stage.world.ask("SELECT kind, key, payload->>'run' FROM jobs") == "resync|1|1");
    CHECK(stage.world.ask("SELECT action, object FROM audit_log") == "run.resync|run 1");
    CHECK(stage.runs({"resync", "9"}).err == "heddle: there is no run 9\n");
}
