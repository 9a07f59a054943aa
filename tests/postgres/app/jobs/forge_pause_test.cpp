// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/forge_pause.hpp"

#include <doctest/doctest.h>

#include "tests/support/job_stage.hpp"

using namespace heddle;
using heddle::testing::JobStage;
using heddle::testing::kStarted;
using heddle::testing::RunWorld;
using namespace std::chrono_literals;

namespace {

RemoteError busy(const std::string& doing) {
    RemoteError error(RemoteError::Kind::Retry, doing, "429");
    error.retry_after = 1h;
    return error;
}

}  // namespace

TEST_CASE("a pause that a forge asks for holds back all reports with the same credential, and no others") {
    JobStage stage;
    RunWorld& world = stage.world();
    const auto say_for = [&](const std::string& commit, std::int64_t token) {
        Contribution word;
        word.key = world.status_key(commit, kStarted);
        word.key.token_id = token;
        word.producer = "p";
        word.cause = {1, 0, 0};
        in_transaction(world.pool(), [&](pqxx::work& tx) { contribute(tx, {word}); });
    };
    const std::int64_t other = world.add_token();
    world.tell(
        "WITH made AS (INSERT INTO credentials (origin, secret, secret_key_id) "
        "VALUES ('x', 'x', '0123456789abcdef') RETURNING id) "
        "UPDATE tokens SET credential_id = made.id FROM made WHERE tokens.id = " +
        std::to_string(other));
    say_for("aaaaaaa1", world.token_id());
    say_for("bbbbbbb2", world.token_id());
    stage.reporter().journal().fail("report", busy("report"));
    const Job told = world.claim(job_kind::kSyncStatus);
    CHECK_THROWS_AS(stage.perform(told), RemoteError);
    in_transaction(world.pool(), [&](pqxx::work& tx) { retry_job_later(tx, told, "429", 1h); });

    const Job behind = world.claim(job_kind::kSyncStatus);
    std::chrono::milliseconds wait{0};
    try {
        stage.perform(behind);
    } catch (const Postponed& postponed) {
        wait = postponed.wait;
    }
    CHECK(wait > 59min);
    CHECK(wait <= 60min);
    CHECK(stage.reporter().journal().lines_of("report").size() == 1);
    in_transaction(world.pool(), [&](pqxx::work& tx) { postpone_job(tx, behind, "a pause", wait); });
    CHECK(world.ask("SELECT failures, error FROM jobs WHERE id = " + std::to_string(behind.id)) ==
          "0|a pause");

    say_for("ccccccc3", other);
    stage.perform_all();
    CHECK(stage.reporter().showing("ccccccc3", kStarted).starts_with("pending"));
    CHECK(stage.reporter().showing("bbbbbbb2", kStarted).empty());

    world.tell("UPDATE forge_pauses SET until = now(); UPDATE jobs SET run_at = now()");
    stage.perform_all();
    CHECK(stage.reporter().showing("aaaaaaa1", kStarted).starts_with("pending"));
    CHECK(stage.reporter().showing("bbbbbbb2", kStarted).starts_with("pending"));
}

TEST_CASE("a pause that the forge asks for when a file is read holds back other runs") {
    JobStage stage;
    stage.config().journal().fail("read", busy("read the file"));
    stage.world().start(RunWorld::pull_request(1, "aaaaaaa1"));
    stage.world().start(RunWorld::pull_request(2, "ddddddd4"));
    CHECK_THROWS_AS(stage.perform(job_kind::kRunWorkflows), RemoteError);
    const Job other = stage.world().claim(job_kind::kRunWorkflows);
    CHECK_THROWS_AS(stage.perform(other), Postponed);
    CHECK(stage.config().journal().lines_of("read").size() == 1);
    stage.world().tell("UPDATE forge_pauses SET until = now()");
    stage.perform(other);
    CHECK(stage.world().ask("SELECT message FROM workflow_runs WHERE id = 2") ==
          "no .obs/workflows.yml on main");
}
