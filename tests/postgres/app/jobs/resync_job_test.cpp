// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <thread>

#include "tests/support/job_stage.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using heddle::testing::JobStage;
using heddle::testing::RunWorld;
using Kind = RemoteError::Kind;

namespace {

/// A run with two statuses, "OBS: a" and "OBS: b", that the forge shows.
struct Reported {
    JobStage stage;
    std::int64_t run = stage.world().start(RunWorld::pull_request(1, "c0ffee"));

    Reported() {
        stage.world().tell("DELETE FROM jobs");  // the run itself is of no matter here
        say(1, StatusState::Success, "fine");
        stage.perform_all();
    }
    void say(int cause, StatusState state, const std::string& text) {
        std::vector<Contribution> words;
        for (const char* context : {"OBS: a", "OBS: b"}) {
            Contribution word;
            word.key = stage.world().status_key("c0ffee", context);
            word.producer = "p";
            word.cause = {cause, 0, 0};
            word.state = state;
            word.text = text;
            word.run_id = run;
            words.push_back(word);
        }
        in_transaction(stage.world().pool(), [&](pqxx::work& tx) { contribute(tx, words); });
    }
    /// Somebody else wrote at the forge.
    void overwrite(const std::string& context, StatusState state) {
        stage.reporter().report({"/srv/demo.git", "c0ffee", context, state, "theirs", ""}, {});
        stage.reporter().journal().clear();
    }
    void enqueue() {
        in_transaction(stage.world().pool(), [&](pqxx::work& tx) { enqueue_resync(tx, run); });
    }
    std::vector<std::string> reported() { return stage.reporter().journal().lines_of("report"); }
};

}  // namespace

TEST_CASE("resync sends again what the forge shows differently, and nothing else") {
    Reported world;
    world.overwrite("OBS: b", StatusState::Failure);
    world.enqueue();
    world.stage.perform_all();
    CHECK(world.reported() == std::vector<std::string>{"report c0ffee OBS: b: success fine"});
    CHECK(world.stage.reporter().showing("c0ffee", "OBS: b") == "success fine");
    CHECK(world.stage.world().ask("SELECT DISTINCT version, sent_version FROM commit_statuses") == "1|1");
    CHECK(world.stage.world().ask("SELECT count(*) FROM jobs") == "0");
}

TEST_CASE("resync sends what was given up once") {
    Reported world;
    world.stage.reporter().journal().fail("report", {Kind::GiveUp, "report", "no permission"});
    world.say(2, StatusState::Failure, "failed");
    world.stage.perform_all();
    REQUIRE(world.stage.world().ask("SELECT count(*) FROM commit_statuses WHERE given_up = 2") == "1");
    world.enqueue();
    world.stage.perform_all();
    CHECK(world.stage.world().ask("SELECT DISTINCT version, sent_version, given_up FROM commit_statuses") ==
          "2|2|0");
    CHECK(world.stage.reporter().showing("c0ffee", "OBS: a") == "failure failed");
}

TEST_CASE("resync leaves alone what has changed since it looked") {
    Reported world;
    world.overwrite("OBS: a", StatusState::Failure);
    auto& journal = world.stage.reporter().journal();
    world.enqueue();
    SUBCASE("before it looks: its own job sends it") {
        world.say(2, StatusState::Pending, "builds");
        world.stage.perform(job_kind::kResync);
        CHECK(journal.lines_of("shown").empty());
    }
    SUBCASE("while it looks") {
        journal.block("shown", test::CallJournal::At::End);
        std::jthread looking([&] { world.stage.perform(job_kind::kResync); });
        journal.await_blocked("shown", test::CallJournal::At::End);
        world.say(2, StatusState::Pending, "builds");
        journal.release("shown", test::CallJournal::At::End);
    }
    CHECK(world.stage.world().ask("SELECT DISTINCT version, sent_version FROM commit_statuses") == "2|1");
    world.stage.perform_all();
    CHECK(world.stage.reporter().showing("c0ffee", "OBS: a") == "pending builds");
}

TEST_CASE("resync mends what it can read, and says what it could not") {
    Reported world;
    world.overwrite("OBS: b", StatusState::Failure);
    Kind kind = Kind::Retry;
    SUBCASE("which may go better later") {}
    SUBCASE("which will not") { kind = Kind::GiveUp; }
    world.stage.reporter().journal().fail("shown", {kind, "read", "no answer"});
    world.enqueue();
    const Job job = world.stage.world().claim(job_kind::kResync);
    try {
        world.stage.perform(job);
        FAIL("nothing was thrown");
    } catch (const RemoteError& error) {
        CHECK(error.kind == kind);
        CHECK(std::string(error.what()) == "read: no answer");
    }
    world.stage.perform(job_kind::kSyncStatus);
    CHECK(world.stage.reporter().showing("c0ffee", "OBS: b") == "success fine");
}

TEST_CASE("resync can't read a forge of an unknown kind") {
    Reported world;
    world.stage.parts().reporters.clear();
    world.enqueue();
    try {
        world.stage.perform(job_kind::kResync);
        FAIL("nothing was thrown");
    } catch (const RemoteError& error) {
        CHECK(error.kind == Kind::GiveUp);
        CHECK(std::string(error.what()) == "read the statuses at here: forges of kind git are not supported");
    }
}
