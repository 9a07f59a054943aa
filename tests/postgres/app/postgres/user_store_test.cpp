// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/user_store.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "app/crypto/password.hpp"
#include "app/postgres/audit_store.hpp"
#include "app/postgres/token_store.hpp"
#include "tests/support/account_world.hpp"

using namespace heddle;
using heddle::testing::AccountWorld;

namespace {

void sign_in(AccountWorld& world, std::int64_t user) {
    world.in([&](pqxx::work& tx) {
        tx.exec_params0(R"sql(INSERT INTO sessions (token_hash, user_id, csrf, expires_at)
                              VALUES (sha256(convert_to(random()::text, 'UTF8')), $1, 'x', now() + interval '1 day'))sql",
                        user);
    });
}

}  // namespace

TEST_CASE("a login is given once") {
    AccountWorld world;
    const auto ann = world.user("ann");
    CHECK_FALSE(world.in([](pqxx::work& tx) { return create_user(tx, {"ann", "x", true}); }));
    const auto found = world.in([](pqxx::work& tx) { return find_user(tx, "ann"); });
    REQUIRE(found);
    CHECK(found->id == ann);
    CHECK(found->active);
    CHECK_FALSE(found->administrator);
    CHECK_FALSE(found->has_password);
    CHECK_FALSE(world.in([](pqxx::work& tx) { return find_user(tx, "Ann"); }));
    world.user("bob");
    const auto all = world.in([](pqxx::work& tx) { return list_users(tx); });
    REQUIRE(all.size() == 2);
    CHECK(all[0].login == "ann");
    CHECK(all[1].login == "bob");
}

TEST_CASE("a new password and an end of activity sign out") {
    AccountWorld world;
    const auto ann = world.user("ann");
    const auto bob = world.user("bob");
    sign_in(world, ann);
    sign_in(world, bob);
    world.in([&](pqxx::work& tx) { set_password(tx, ann, "hash"); });
    CHECK(world.ask("SELECT count(*) FROM sessions") == "1");
    CHECK(world.ask("SELECT password FROM users WHERE login = 'ann'") == "hash");
    world.in([&](pqxx::work& tx) { set_active(tx, bob, true); });
    CHECK(world.ask("SELECT count(*) FROM sessions") == "1");
    world.in([&](pqxx::work& tx) { set_active(tx, bob, false); });
    CHECK(world.ask("SELECT count(*) FROM sessions") == "0");
}

TEST_CASE("only active administrators count") {
    AccountWorld world;
    const auto ann = world.user("ann");
    const auto bob = world.user("bob");
    const auto others = [&](std::int64_t user) {
        return world.in([&](pqxx::work& tx) { return has_other_administrator(tx, user); });
    };
    world.in([&](pqxx::work& tx) { set_administrator(tx, ann, true); });
    CHECK_FALSE(others(ann));
    CHECK(others(bob));
    world.in([&](pqxx::work& tx) { set_active(tx, ann, false); });
    CHECK_FALSE(others(bob));
}

TEST_CASE("a user in whose name tokens act stays") {
    AccountWorld world;
    const auto ann = world.user("ann");
    const auto token = world.in([&](pqxx::work& tx) {
        NewToken made;
        made.kind = "rebuild";
        made.executor_id = ann;
        made.secret = "s";
        return create_token(tx, world.box, made).value();
    });
    CHECK_FALSE(world.in([&](pqxx::work& tx) { return delete_user(tx, ann); }));
    world.in([&](pqxx::work& tx) { delete_token(tx, token); });
    CHECK(world.in([&](pqxx::work& tx) { return delete_user(tx, ann); }));
    CHECK(world.ask("SELECT count(*) FROM users") == "0");
}

TEST_CASE("the first administrator is made once, however many start at once") {
    AccountWorld world;
    std::vector<std::string> passwords;
    std::mutex mutex;
    {
        std::vector<std::jthread> starts;
        for (int i = 0; i < 3; ++i)
            starts.emplace_back([&] {
                const auto password = world.in([](pqxx::work& tx) { return ensure_first_administrator(tx); });
                const std::lock_guard lock(mutex);
                if (password) passwords.push_back(*password);
            });
    }
    REQUIRE(passwords.size() == 1);
    CHECK(passwords.front().size() >= 24);
    const auto admin = world.in([](pqxx::work& tx) { return find_user(tx, "admin"); });
    REQUIRE(admin);
    CHECK(admin->administrator);
    CHECK(check_password(passwords.front(), world.ask("SELECT password FROM users")));
    CHECK_FALSE(world.in([](pqxx::work& tx) { return ensure_first_administrator(tx); }));
    CHECK(world.in([](pqxx::work& tx) { return has_one_time_password(tx); }));
    world.in([&](pqxx::work& tx) { set_password(tx, admin->id, hash_password("another password")); });
    CHECK_FALSE(world.in([](pqxx::work& tx) { return has_one_time_password(tx); }));
}

TEST_CASE("what a person changed is written down") {
    AccountWorld world;
    world.in([](pqxx::work& tx) {
        record_change(tx, {"ann", "token.create", "token 12", std::string("a \xff b\0", 6)});
    });
    CHECK(world.ask("SELECT login || ' ' || action || ' ' || object FROM audit_log") ==
          "ann token.create token 12");
    CHECK(world.ask("SELECT details FROM audit_log") == "a \xEF\xBF\xBD b\xEF\xBF\xBD");
}
