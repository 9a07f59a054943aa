// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/repository_store.hpp"

#include <doctest/doctest.h>

#include "app/postgres/contribution_store.hpp"
#include "app/postgres/status_store.hpp"
#include "tests/support/run_world.hpp"

using namespace heddle;
using heddle::testing::RunWorld;

TEST_CASE("a repository is public when its last delivery said so, and private again when it said that") {
    RunWorld world;
    const auto deliver = [&](bool is_public) {
        const NewRepository repository{"12", "ann/demo", "https://x/ann/demo.git", "", is_public};
        return in_transaction(world.pool(), [&](pqxx::work& tx) {
            return ensure_repository(tx, world.forge_id(), repository);
        });
    };
    const std::string kIsPublic = "SELECT public FROM repositories WHERE identity = '12'";
    const auto id = deliver(true);
    CHECK(world.ask(kIsPublic) == "t");
    CHECK(deliver(false) == id);
    CHECK(world.ask(kIsPublic) == "f");
    CHECK(world.ask("SELECT public FROM repositories WHERE identity = '/srv/demo.git'") == "f");
}

TEST_CASE("a status goes by the name that the reporting token was told, whatever others say") {
    RunWorld world;
    const std::int64_t stranger = world.add_token();
    const auto tell = [&](std::int64_t token, const std::string& name, bool starts_run) {
        const NewRepository repository{"12", name, "https://x/" + name + ".git", "", false, token};
        in_transaction(world.pool(), [&](pqxx::work& tx) {
            if (starts_run)
                ensure_repository(tx, world.forge_id(), repository);
            else
                refresh_repository(tx, world.forge_id(), repository);
        });
    };
    tell(world.token_id(), "ann/demo", true);
    in_transaction(world.pool(), [&](pqxx::work& tx) {
        Contribution said;
        said.key = world.status_key("c0ffee", "OBS: hello");
        said.key.repository_id =
            tx.exec1("SELECT id FROM repositories WHERE identity = '12'")[0].as<std::int64_t>();
        said.producer = "a";
        contribute(tx, {said});
    });
    const auto place = [&] {
        return in_transaction(world.pool(), [&](pqxx::work& tx) {
            const auto id = tx.exec1("SELECT id FROM commit_statuses")[0].as<std::int64_t>();
            return lock_status(tx, id)->value.repository;
        });
    };
    world.tell("UPDATE forges SET api_url = 'https://x'");
    CHECK(place() == "ann/demo");
    tell(stranger, "bob/evil", true);
    CHECK(place() == "ann/demo");
    tell(stranger, "bob/worse", false);
    CHECK(place() == "ann/demo");
    tell(world.token_id(), "ann/renamed", false);
    CHECK(place() == "ann/renamed");
}
