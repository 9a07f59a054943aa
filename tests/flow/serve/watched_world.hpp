// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/postgres/pool.hpp"
#include "tests/flow/serve/serve_world.hpp"
#include "tests/support/postgres_fixture.hpp"

namespace heddle::test {

struct OwnDatabase {
    testing::TestDatabase database;
    Pool pool{database.url(), 2};
};

/// A ServeWorld with a database that the test looks into, and that outlives the server.
class WatchedWorld : OwnDatabase, public ServeWorld {
public:
    WatchedWorld();

    using OwnDatabase::pool;

    /// The first value of the first row, as text.
    std::string ask(const std::string& query);
    /// Waits until nothing is left that could still ask a forge for anything: no run, job, build or event.
    void settle();
};

}  // namespace heddle::test
