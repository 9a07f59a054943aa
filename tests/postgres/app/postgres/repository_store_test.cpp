// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/repository_store.hpp"

#include <doctest/doctest.h>

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
