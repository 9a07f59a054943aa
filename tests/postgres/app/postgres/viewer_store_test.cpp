// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/viewer_store.hpp"

#include <doctest/doctest.h>

#include "app/postgres/pool.hpp"
#include "tests/support/run_world.hpp"

using namespace heddle;
using heddle::testing::RunWorld;

namespace {

constexpr int kManyRuns = 5000;

/// One run that failed long ago, and many that went well since, all public.
std::int64_t fill(RunWorld& world) {
    ScmEvent event = RunWorld::pull_request(7, "c0ffee");
    event.repository.is_public = true;
    const std::int64_t id = world.start(event);
    world.tell(
        "UPDATE repositories SET public = true;"
        "UPDATE workflow_runs SET status = 'fail', finished_at = now();"
        "INSERT INTO workflow_runs (token_id, repository_id, origin, event, queue_key, status, finished_at)"
        " SELECT token_id, repository_id, origin, event, queue_key, 'success', now() FROM workflow_runs,"
        " generate_series(1, " +
        std::to_string(kManyRuns) + "); ANALYZE");
    return id;
}

}  // namespace

TEST_CASE("a status that hardly occurs is found without a look at all runs") {
    RunWorld world;
    const std::int64_t failed = fill(world);
    Viewer viewer;
    SUBCASE("an administrator") { viewer.administrator = true; }
    SUBCASE("the executor of a token") {
        viewer.user_id = std::stoll(world.ask("SELECT DISTINCT executor_id FROM tokens"));
        viewer.public_status = false;
    }
    SUBCASE("a stranger") {}
    for (const RunStatus status : {RunStatus::Fail, RunStatus::Cancelled}) {
        RunLineFilter filter;
        filter.status = status;
        in_transaction(world.pool(), [&](pqxx::work& tx) {
            const auto looked_at = [&tx] {
                return tx
                    .exec1(
                        "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
                        " WHERE relname = 'workflow_runs'")[0]
                    .as<int>();
            };
            const int before = looked_at();
            const std::vector<RunLine> lines = list_visible_runs(tx, viewer, filter);
            CHECK(lines.size() == (status == RunStatus::Fail ? 1 : 0));
            if (!lines.empty()) CHECK(lines.front().id == failed);
            CAPTURE(to_string(status));
            CHECK(looked_at() - before < 20);
        });
    }
}
