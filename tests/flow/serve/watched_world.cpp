// SPDX-License-Identifier: Apache-2.0
#include "tests/flow/serve/watched_world.hpp"

#include <doctest/doctest.h>

namespace heddle::test {

WatchedWorld::WatchedWorld() { environment["HEDDLE_DATABASE_URL"] = database.url(); }

std::string WatchedWorld::ask(const std::string& query) {
    return in_transaction(pool, [&](pqxx::work& tx) { return std::string(tx.exec1(query)[0].c_str()); });
}

void WatchedWorld::settle() {
    static const std::string kLeft = R"sql(
        SELECT (SELECT count(*) FROM jobs)
             + (SELECT count(*) FROM workflow_runs WHERE status IN ('queued', 'running'))
             + (SELECT count(*) FROM bs_builds WHERE state IN ('scheduled', 'building'))
             + (SELECT count(*) FROM build_events WHERE state = 'new'))sql";
    REQUIRE(eventually([&] { return ask(kLeft) == "0"; }, std::chrono::seconds(300)));
}

}  // namespace heddle::test
