// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/api_key_store.hpp"

#include <doctest/doctest.h>

#include "app/crypto/secret_box.hpp"
#include "tests/support/run_world.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace heddle;
using heddle::testing::RunWorld;

namespace {

struct KeyWorld : RunWorld {
    test::TemporaryFolder folder;
    SecretBox box = SecretBox::create(folder.path() / "secret.key");

    MadeApiKey create(const NewApiKey& key) {
        return in_transaction(pool(), [&](pqxx::work& tx) { return create_api_key(tx, box, key); });
    }
    std::optional<ApiKey> use(const std::string& key, const std::string& scope = "build-events") {
        return in_transaction(pool(), [&](pqxx::work& tx) { return use_api_key(tx, box, scope, key); });
    }
};

}  // namespace

TEST_CASE("a key is told once and found again by itself only") {
    KeyWorld world;
    const MadeApiKey made = world.create({"obs", "build-events", "home:ann", std::nullopt});
    const MadeApiKey other = world.create({"", "build-events", "", std::nullopt});
    CHECK(made.key != other.key);
    CHECK(made.key.size() == 7 + 48);
    const std::optional<ApiKey> found = world.use(made.key);
    REQUIRE(found);
    CHECK(found->id == made.id);
    CHECK(found->name == "obs");
    CHECK(found->project == "home:ann");
    CHECK(found->login.empty());
    for (const std::string& wrong :
         {std::string(), made.key.substr(0, made.key.size() - 1), made.key + "0", std::string("heddle_")})
        CHECK_MESSAGE(!world.use(wrong), wrong);
    CHECK_FALSE(world.use(made.key, "something-else"));
    CHECK(world.ask("SELECT count(*) FROM api_keys WHERE position(convert_to('" + made.key.substr(7) +
                    "', 'UTF8') IN key_digest) > 0 OR api_keys::text LIKE '%" + made.key.substr(7) + "%'") ==
          "0");
}

TEST_CASE("the use of a key is noted, at most once a minute") {
    KeyWorld world;
    const MadeApiKey made = world.create({});
    CHECK(world.ask("SELECT used_at IS NULL FROM api_keys") == "t");
    world.use(made.key);
    world.tell("UPDATE api_keys SET used_at = now() - interval '50 seconds'");
    world.use(made.key);
    CHECK(world.ask("SELECT used_at < now() - interval '40 seconds' FROM api_keys") == "t");
    world.tell("UPDATE api_keys SET used_at = now() - interval '61 seconds'");
    world.use(made.key);
    CHECK(world.ask("SELECT used_at > now() - interval '10 seconds' FROM api_keys") == "t");
}

TEST_CASE("a key whose row somebody else changes is good all the same") {
    KeyWorld world;
    const MadeApiKey made = world.create({});
    in_transaction(world.pool(), [&](pqxx::work& other) {
        other.exec("SELECT 1 FROM api_keys FOR NO KEY UPDATE");
        CHECK(world.use(made.key));
    });
}

TEST_CASE("a key dies with its row, and sleeps with its user") {
    KeyWorld world;
    const std::int64_t ann = std::stoll(world.ask("SELECT id FROM users WHERE login = 'ann'"));
    const MadeApiKey made = world.create({"", "build-events", "", ann});
    CHECK(world.use(made.key)->login == "ann");
    world.tell("UPDATE users SET active = false");
    CHECK_FALSE(world.use(made.key));
    world.tell("UPDATE users SET active = true");
    const auto list = [&] {
        return in_transaction(world.pool(), [](pqxx::work& tx) { return list_api_keys(tx); });
    };
    REQUIRE(list().size() == 1);
    CHECK(list()[0].created_at.size() == 20);
    const auto remove = [&](std::int64_t id) {
        return in_transaction(world.pool(), [&](pqxx::work& tx) { return delete_api_key(tx, id); });
    };
    CHECK_FALSE(remove(made.id + 1));
    CHECK(remove(made.id));
    CHECK_FALSE(remove(made.id));
    CHECK_FALSE(world.use(made.key));
    CHECK(list().empty());
}
