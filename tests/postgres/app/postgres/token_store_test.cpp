// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/token_store.hpp"

#include <doctest/doctest.h>

#include "app/postgres/token_list.hpp"
#include "tests/support/account_world.hpp"
#include "tests/support/run_world.hpp"

using namespace heddle;
using heddle::testing::AccountWorld;
using heddle::testing::RunWorld;

namespace {

NewToken a_token(std::int64_t executor, const std::string& secret) {
    NewToken token;
    token.kind = "rebuild";
    token.executor_id = executor;
    token.secret = secret;
    return token;
}

/// The token that a secret belongs to; 0: none.
std::int64_t owner_of(AccountWorld& world, const std::string& secret) {
    return world.in([&](pqxx::work& tx) {
        const std::string digest = world.box.digest(secret);
        const pqxx::result rows = tx.exec_params("SELECT id FROM tokens WHERE secret_digest = $1",
                                                 pqxx::binarystring(digest.data(), digest.size()));
        return rows.empty() ? std::int64_t{0} : rows[0][0].as<std::int64_t>();
    });
}

std::string open_secret(AccountWorld& world, std::int64_t id) {
    return world.in([&](pqxx::work& tx) {
        const pqxx::binarystring sealed(tx.exec_params1("SELECT secret FROM tokens WHERE id = $1", id)[0]);
        return world.box.open(sealed.str(), "tokens.secret/" + std::to_string(id));
    });
}

}  // namespace

TEST_CASE("a secret names one token, and stands sealed") {
    AccountWorld world;
    const auto ann = world.user("ann");
    const auto id =
        world.in([&](pqxx::work& tx) { return create_token(tx, world.box, a_token(ann, "first")); });
    REQUIRE(id);
    CHECK(open_secret(world, *id) == "first");
    CHECK(owner_of(world, "first") == *id);
    CHECK(world.ask("SELECT position(convert_to('first', 'UTF8') IN secret) FROM tokens") == "0");
    CHECK_FALSE(world.in([&](pqxx::work& tx) { return create_token(tx, world.box, a_token(ann, "first")); }));
    const auto other =
        world.in([&](pqxx::work& tx) { return create_token(tx, world.box, a_token(ann, "second")); });
    REQUIRE(other);

    const auto set = [&](const std::string& secret) {
        return world.in([&](pqxx::work& tx) { return set_token_secret(tx, world.box, *id, secret); });
    };
    CHECK_FALSE(set("second"));
    CHECK(open_secret(world, *id) == "first");
    CHECK(set("third"));
    CHECK(open_secret(world, *id) == "third");
    CHECK(owner_of(world, "first") == 0);
    CHECK(owner_of(world, "third") == *id);
    CHECK(owner_of(world, "second") == *other);
}

TEST_CASE("what is not changed of a token stays") {
    AccountWorld world;
    NewToken made = a_token(world.user("ann"), "s");
    made.description = "for the site";
    made.configuration_path = "ci/workflows.yml";
    made.configuration_url = "https://files.example/workflows.yml";
    const auto id = world.in([&](pqxx::work& tx) { return create_token(tx, world.box, made).value(); });
    const auto change = [&](const TokenChanges& changes) {
        return world.in([&](pqxx::work& tx) {
            change_token(tx, id, changes);
            return find_listed_token(tx, id).value();
        });
    };
    ListedToken token = change({});
    CHECK(token.kind == "rebuild");
    CHECK(token.executor == "ann");
    CHECK(token.forge.empty());
    CHECK(token.description == "for the site");
    CHECK(token.configuration_path == "ci/workflows.yml");
    CHECK(token.configuration_url == "https://files.example/workflows.yml");
    CHECK(token.enabled);
    CHECK(token.triggered_at.empty());
    TokenChanges changes;
    changes.enabled = false;
    changes.configuration_url = "";
    token = change(changes);
    CHECK_FALSE(token.enabled);
    CHECK(token.configuration_url.empty());
    CHECK(token.description == "for the site");
    changes = {};
    changes.description = "";
    changes.configuration_path = ".ci.yml";
    token = change(changes);
    CHECK(token.description.empty());
    CHECK(token.configuration_path == ".ci.yml");
    CHECK_FALSE(token.enabled);
    CHECK(world.in([](pqxx::work& tx) { return list_tokens(tx); }).size() == 1);
    CHECK_FALSE(world.in([&](pqxx::work& tx) { return find_listed_token(tx, id + 1); }));
}

TEST_CASE("a token without a path reads .obs/workflows.yml") {
    AccountWorld world;
    const auto ann = world.user("ann");
    world.in([&](pqxx::work& tx) { create_token(tx, world.box, a_token(ann, "s")); });
    CHECK(world.ask("SELECT configuration_path FROM tokens") == ".obs/workflows.yml");
}

TEST_CASE("a token's unfinished runs and pending statuses are counted") {
    RunWorld world;
    const auto unfinished = [&] {
        return in_transaction(world.pool(),
                              [&](pqxx::work& tx) { return count_unfinished(tx, world.token_id()); });
    };
    CHECK(unfinished() == 0);
    world.start(RunWorld::pull_request(1, "c0ffee"));
    CHECK(unfinished() == 1);
    world.tell("UPDATE workflow_runs SET status = 'success', finished_at = now(), started_at = now()");
    CHECK(unfinished() == 0);
    in_transaction(world.pool(), [&](pqxx::work& tx) {
        contribute(tx,
                   {{world.status_key("c0ffee", "OBS: hello"),
                     "a",
                     {1, 0, 0},
                     StatusState::Pending,
                     "builds",
                     "",
                     std::nullopt,
                     PackageRef{"demo", "hello"}}});
    });
    CHECK(unfinished() == 1);
}
