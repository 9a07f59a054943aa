// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/forge_store.hpp"

#include <doctest/doctest.h>

#include "app/config/wrong_use.hpp"
#include "app/postgres/credential_store.hpp"
#include "app/postgres/forge_access_store.hpp"
#include "app/postgres/token_list.hpp"
#include "app/postgres/token_store.hpp"
#include "tests/support/account_world.hpp"

using namespace heddle;
using heddle::testing::AccountWorld;

namespace {

const ForgeConfig kSource{"src", "gitea", "https://src.example", "https://src.example/api/v1", false};
const ForgeConfig kOther{"other", "github", "https://other.example", "https://other.example/api/v3", true};

struct ForgeWorld : AccountWorld {
    void configure(const std::vector<ForgeConfig>& forges) {
        in([&](pqxx::work& tx) { configure_forges(tx, forges); });
    }
    Forge forge(const std::string& name) {
        return in([&](pqxx::work& tx) { return find_forge(tx, name).value(); });
    }
    /// A token of ann for that forge.
    std::int64_t token(const std::string& forge_name, const std::string& secret) {
        return in([&](pqxx::work& tx) {
            NewToken made;
            made.executor_id = ensure_user(tx, "ann");
            made.forge_id = find_forge(tx, forge_name).value().id;
            made.secret = secret;
            return create_token(tx, box, made).value();
        });
    }
    void give(std::int64_t token, const std::string& credential) {
        in([&](pqxx::work& tx) { set_credential(tx, box, token, credential); });
    }
    ForgeAccess access(std::int64_t token) {
        return in([&](pqxx::work& tx) {
            const auto forge_id =
                tx.exec_params1("SELECT forge_id FROM tokens WHERE id = $1", token)[0].as<std::int64_t>();
            return find_forge_access(tx, box, forge_id, token);
        });
    }
    /// What the token talks to its forge with; empty: nothing.
    std::string credential(std::int64_t token) { return access(token).credential; }
    ListedToken listed(std::int64_t token) {
        return in([&](pqxx::work& tx) { return find_listed_token(tx, token).value(); });
    }
};

}  // namespace

TEST_CASE("the forges of the configuration are kept by name") {
    ForgeWorld world;
    world.configure({kSource, kOther});
    world.configure({kSource, kOther});
    const auto all = world.in([](pqxx::work& tx) { return list_forges(tx); });
    REQUIRE(all.size() == 2);
    CHECK(all[0].settings.name == "other");
    CHECK(all[0].settings.private_network);
    CHECK(all[0].configured);
    CHECK(all[1].settings.api_url == "https://src.example/api/v1");
    const auto id = all[1].id;

    ForgeConfig moved = kSource;
    moved.web_url = "https://new.example";
    moved.known_hosts = "/etc/hosts";
    world.configure({moved});
    CHECK(world.forge("src").settings.known_hosts == "/etc/hosts");
    CHECK(world.forge("src").id == id);
    CHECK(world.forge("src").settings.web_url == "https://new.example");
    CHECK_FALSE(world.forge("other").configured);
}

TEST_CASE("a forge never changes its kind") {
    ForgeWorld world;
    world.configure({kSource});
    ForgeConfig changed = kSource;
    changed.kind = "gitlab";
    CHECK_THROWS_AS(world.configure({kOther, changed}), WrongUse);
    CHECK(world.forge("src").settings.kind == "gitea");
    CHECK(world.ask("SELECT count(*) FROM forges") == "1");
}

TEST_CASE("a credential goes to the origin it was given for, and to another only when its owner confirms") {
    ForgeWorld world;
    world.configure({kSource, kOther});
    const auto token = world.token("src", "one");
    const auto unrelated = world.token("other", "two");
    world.give(token, "for-src");
    world.give(unrelated, "for-other");
    CHECK(world.credential(token) == "for-src");
    CHECK(world.listed(token).credential_origin == "https://src.example");

    ForgeConfig moved = kSource;
    moved.api_url = "https://src.example/elsewhere/api/v1";
    world.configure({moved, kOther});
    CHECK(world.credential(token) == "for-src");

    moved.api_url = "https://src.example:8443/api/v1";
    world.configure({moved, kOther});
    CHECK(world.credential(token).empty());
    CHECK(world.access(token).locked_token == token);
    CHECK(world.listed(token).credential == ListedToken::Credential::Locked);
    CHECK(world.credential(unrelated) == "for-other");

    world.configure({kSource, kOther});
    CHECK(world.credential(token) == "for-src");
    world.configure({moved, kOther});
    CHECK(world.in([&](pqxx::work& tx) { return confirm_credential(tx, token); }));
    CHECK(world.credential(token) == "for-src");
    CHECK(world.access(token).locked_token == 0);
    CHECK(world.listed(token).credential_origin == "https://src.example:8443");
    CHECK_FALSE(world.in([&](pqxx::work& tx) { return confirm_credential(tx, token); }));
    CHECK_FALSE(world.in([&](pqxx::work& tx) { return confirm_credential(tx, unrelated); }));
}

TEST_CASE("a credential is sealed, and leaves no trace when it is replaced or taken away") {
    ForgeWorld world;
    world.configure({kSource});
    const auto token = world.token("src", "one");
    CHECK(world.listed(token).credential == ListedToken::Credential::None);
    world.give(token, "ghp-first");
    world.give(token, "ghp-second");
    CHECK(world.credential(token) == "ghp-second");
    CHECK(world.ask("SELECT count(*) FROM credentials") == "1");
    CHECK(world.ask("SELECT position(convert_to('ghp', 'UTF8') IN secret) FROM credentials") == "0");
    world.in([&](pqxx::work& tx) { clear_credential(tx, token); });
    CHECK(world.credential(token).empty());
    CHECK(world.ask("SELECT count(*) FROM credentials") == "0");
    world.give(token, "ghp-third");
    world.in([&](pqxx::work& tx) { delete_token(tx, token); });
    CHECK(world.ask("SELECT count(*) FROM credentials") == "0");
}

TEST_CASE("forges of the verb are made, changed and deleted") {
    ForgeWorld world;
    CHECK(world.in([](pqxx::work& tx) { return create_forge(tx, kSource); }));
    CHECK_FALSE(world.in([](pqxx::work& tx) { return create_forge(tx, kSource); }));
    const auto token = world.token("src", "one");
    world.give(token, "c");
    const Forge made = world.forge("src");
    CHECK_FALSE(made.configured);
    CHECK(made.tokens == 1);
    ForgeConfig moved = kSource;
    moved.api_url = "https://new.example";
    world.in([&](pqxx::work& tx) { change_forge(tx, made.id, moved); });
    CHECK(world.forge("src").settings.api_url == "https://new.example");
    CHECK(world.credential(token).empty());
    CHECK_FALSE(world.in([&](pqxx::work& tx) { return delete_forge(tx, made.id); }));
    world.in([&](pqxx::work& tx) { delete_token(tx, token); });
    CHECK(world.in([&](pqxx::work& tx) { return delete_forge(tx, made.id); }));
    CHECK(world.ask("SELECT count(*) FROM forges") == "0");
}
