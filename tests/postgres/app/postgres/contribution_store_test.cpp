// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/contribution_store.hpp"

#include <doctest/doctest.h>

#include <random>
#include <thread>

#include "tests/support/run_world.hpp"

using namespace heddle;
using heddle::testing::RunWorld;

namespace {

const PackageRef kHello{"demo", "hello"};

Contribution word(RunWorld& world,
                  const std::string& producer,
                  Cause cause,
                  StatusState state,
                  const std::string& text,
                  const std::string& context = "OBS: hello") {
    return {world.status_key("c0ffee", context), producer, cause, state, text, "", std::nullopt, kHello};
}

void say(RunWorld& world, std::vector<Contribution> words) {
    in_transaction(world.pool(), [&](pqxx::work& tx) { contribute(tx, words); });
}

std::string versions(RunWorld& world) { return world.ask("SELECT version FROM commit_statuses ORDER BY id"); }

void give_credential(RunWorld& world, std::int64_t token) {
    world.tell(
        "WITH made AS (INSERT INTO credentials (origin, secret, secret_key_id) "
        "VALUES ('https://forge.test', 'x', '0123456789abcdef') RETURNING id) "
        "UPDATE tokens SET credential_id = made.id FROM made WHERE tokens.id = " +
        std::to_string(token));
}

}  // namespace

TEST_CASE("the worst live contribution is the status") {
    RunWorld world;
    say(world, {word(world, "a", {1, 0, 0}, StatusState::Success, "fine")});
    CHECK(world.status("c0ffee", "OBS: hello") == "success fine");
    say(world, {word(world, "b", {1, 0, 0}, StatusState::Pending, "builds")});
    CHECK(world.status("c0ffee", "OBS: hello") == "pending builds");
    say(world, {word(world, "c", {1, 0, 0}, StatusState::Failure, "failed")});
    CHECK(world.status("c0ffee", "OBS: hello") == "failure failed");
    say(world, {word(world, "d", {1, 0, 0}, StatusState::Error, "broken")});
    CHECK(world.status("c0ffee", "OBS: hello") == "error broken");
    say(world, {word(world, "d", {1, 1, 0}, StatusState::Success, "fine")});
    CHECK(world.status("c0ffee", "OBS: hello") == "failure failed");
    CHECK(world.ask("SELECT count(*) FROM jobs WHERE kind = 'sync_status'") == "1");
}

TEST_CASE("a smaller cause changes nothing, and pending never replaces a result of the same cause") {
    RunWorld world;
    say(world, {word(world, "a", {2, 5, 0}, StatusState::Failure, "new")});
    say(world, {word(world, "a", {2, 4, 9}, StatusState::Success, "older start")});
    say(world, {word(world, "a", {1, 9, 9}, StatusState::Success, "older revision")});
    say(world, {word(world, "a", {2, 5, 0}, StatusState::Pending, "slow pending")});
    CHECK(world.status("c0ffee", "OBS: hello") == "failure new");
    CHECK(versions(world) == "1");
    say(world, {word(world, "a", {2, 5, 0}, StatusState::Success, "said again")});
    CHECK(world.status("c0ffee", "OBS: hello") == "success said again");
    say(world, {word(world, "a", {3, 0, 0}, StatusState::Pending, "next")});
    CHECK(world.status("c0ffee", "OBS: hello") == "pending next");
    CHECK(versions(world) == "3");
}

TEST_CASE("the version grows, and sending is asked for, only when the value changes") {
    RunWorld world;
    say(world, {word(world, "a", {1, 0, 0}, StatusState::Failure, "failed")});
    world.tell("DELETE FROM jobs");
    say(world, {word(world, "a", {2, 0, 0}, StatusState::Failure, "failed")});
    say(world, {word(world, "b", {1, 0, 0}, StatusState::Success, "fine")});
    CHECK(versions(world) == "1");
    CHECK(world.ask("SELECT count(*) FROM jobs") == "0");
}

TEST_CASE("a token that can tell the forge nothing takes no status from one that can") {
    RunWorld world;
    const std::int64_t other = world.add_token();
    const auto other_says = [&](std::int64_t cause, const std::string& text) {
        Contribution said = word(world, "b", {cause, 0, 0}, StatusState::Success, text);
        said.key.token_id = other;
        say(world, {said});
        return world.ask("SELECT token_id FROM commit_statuses") == std::to_string(other);
    };
    say(world, {word(world, "a", {1, 0, 0}, StatusState::Pending, "builds")});
    SUBCASE("where nobody has a credential the last one reports") { CHECK(other_says(1, "fine")); }
    SUBCASE("the first one has") {
        give_credential(world, world.token_id());
        CHECK_FALSE(other_says(1, "fine"));
        world.tell("UPDATE credentials SET locked = true");
        CHECK(other_says(2, "better"));
    }
    SUBCASE("the first one has, and is disabled") {
        give_credential(world, world.token_id());
        world.tell("UPDATE tokens SET enabled = false WHERE id = " + std::to_string(world.token_id()));
        CHECK(other_says(1, "fine"));
    }
    SUBCASE("both have") {
        give_credential(world, world.token_id());
        give_credential(world, other);
        CHECK(other_says(1, "fine"));
    }
}

TEST_CASE("what a stranger's token without credential says is not told with somebody else's") {
    RunWorld world;
    const std::int64_t strange = world.add_token();
    world.tell(
        "WITH bob AS (INSERT INTO users (login) VALUES ('bob') RETURNING id) "
        "UPDATE tokens SET executor_id = bob.id FROM bob WHERE tokens.id = " +
        std::to_string(strange));
    const auto said_by = [&](std::int64_t token, const std::string& producer, StatusState state) {
        Contribution said = word(world, producer, {1, 0, 0}, state, "of " + producer);
        said.key.token_id = token;
        said.run_id = world.start(RunWorld::pull_request(1, "c0ffee"));
        world.tell("UPDATE workflow_runs SET token_id = " + std::to_string(token) +
                   " WHERE id = " + std::to_string(*said.run_id));
        say(world, {said});
        return world.status("c0ffee", "OBS: hello");
    };
    SUBCASE("without any credential all words count") {
        said_by(world.token_id(), "ann", StatusState::Success);
        CHECK(said_by(strange, "bob", StatusState::Failure) == "failure of bob");
    }
    SUBCASE("the stranger speaks later") {
        give_credential(world, world.token_id());
        said_by(world.token_id(), "ann", StatusState::Success);
        CHECK(said_by(strange, "bob", StatusState::Failure) == "success of ann");
    }
    SUBCASE("the stranger speaks first") {
        give_credential(world, world.token_id());
        CHECK(said_by(strange, "bob", StatusState::Failure) == "failure of bob");
        CHECK(said_by(world.token_id(), "ann", StatusState::Success) == "success of ann");
    }
    SUBCASE("with a credential of its own it is heard") {
        give_credential(world, world.token_id());
        give_credential(world, strange);
        said_by(world.token_id(), "ann", StatusState::Success);
        CHECK(said_by(strange, "bob", StatusState::Failure) == "failure of bob");
    }
}

TEST_CASE("what was withdrawn shows only where no live word is left") {
    RunWorld world;
    say(world,
        {word(world, "a", {1, 0, 0}, StatusState::Pending, "builds"),
         word(world, "b", {1, 0, 0}, StatusState::Success, "fine")});
    Contribution elsewhere = word(world, "c", {1, 0, 0}, StatusState::Success, "elsewhere");
    elsewhere.package = {"other", "hello"};
    say(world, {elsewhere});
    const auto withdraw = [&](const std::string& project) {
        in_transaction(world.pool(), [&](pqxx::work& tx) {
            withdraw_builds(tx, {project, ""}, "project " + project + " was deleted");
        });
    };
    withdraw("demo");
    CHECK(world.status("c0ffee", "OBS: hello") == "success elsewhere");
    withdraw("other");
    CHECK(world.status("c0ffee", "OBS: hello") == "error project demo was deleted");
    say(world, {word(world, "a", {1, 0, 0}, StatusState::Pending, "slow pending")});
    CHECK(world.status("c0ffee", "OBS: hello") == "error project demo was deleted");
    say(world, {word(world, "a", {2, 0, 0}, StatusState::Pending, "back again")});
    CHECK(world.status("c0ffee", "OBS: hello") == "pending back again");
}

TEST_CASE("a run that ends takes back only what is pending") {
    RunWorld world;
    const auto run = world.start(RunWorld::pull_request(1, "c0ffee"));
    Contribution pending = word(world, "a", {1, 0, 0}, StatusState::Pending, "builds");
    Contribution done = word(world, "b", {1, 0, 0}, StatusState::Success, "fine", "OBS: other");
    pending.run_id = done.run_id = run;
    say(world, {pending, done});
    in_transaction(world.pool(), [&](pqxx::work& tx) {
        end_pending_of_run(
            tx, run, "gone", {word(world, "r", {run, 1, 0}, StatusState::Error, "gone", "OBS SCM")});
    });
    CHECK(world.status("c0ffee", "OBS: hello") == "error gone");
    CHECK(world.status("c0ffee", "OBS: other") == "success fine");
    CHECK(world.status("c0ffee", "OBS SCM") == "error gone");
}

TEST_CASE("writers of the same statuses in any order never wait for each other for ever") {
    RunWorld world;
    const auto work = [&](unsigned seed) {
        std::mt19937 random(seed);
        for (int round = 0; round < 40; ++round) {
            std::vector<Contribution> words;
            for (int i = 0; i < 6; ++i)
                words.push_back(word(world,
                                     "p" + std::to_string(seed),
                                     {round, i, 0},
                                     static_cast<StatusState>(random() % 4),
                                     std::to_string(random() % 3),
                                     "OBS: " + std::to_string(random() % 9)));
            say(world, words);
            if (round % 8 == 0)
                in_transaction(world.pool(), [&](pqxx::work& tx) {
                    withdraw_builds(tx, {"demo", ""}, "gone");
                });
        }
    };
    {
        std::vector<std::jthread> threads;
        for (unsigned seed = 1; seed <= 6; ++seed) threads.emplace_back(work, seed);
    }
    CHECK(world.ask("SELECT pg_stat_force_next_flush(); SELECT deadlocks FROM pg_stat_database "
                    "WHERE datname = current_database()") == "0");
    // Whatever the order was: each status is what its contributions say.
    CHECK(world.ask(R"sql(
        SELECT count(*) FROM commit_statuses s WHERE (s.state || s.text) IS DISTINCT FROM (
            SELECT c.state || c.text FROM status_contributions c WHERE status_id = s.id
            ORDER BY live DESC, array_position(ARRAY['error', 'failure', 'pending', 'success'], state), cause DESC, producer
            LIMIT 1))sql") == "0");
}
