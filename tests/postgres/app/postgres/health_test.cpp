// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/health.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "app/postgres/embedded_cluster.hpp"
#include "app/postgres/metrics_store.hpp"
#include "app/postgres/migrate.hpp"
#include "tests/support/child.hpp"
#include "tests/support/run_world.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace heddle;
using namespace heddle::test;
namespace fs = std::filesystem;
using heddle::testing::RunWorld;
using heddle::testing::TestDatabase;

namespace {

/// "table kind state rows" of each, by ';'.
std::string in_words(const std::vector<TableCount>& counts) {
    std::string all;
    for (const TableCount& count : counts)
        all += count.table + " " + count.kind + " " + count.state + " " + std::to_string(count.rows) + ";";
    return all;
}

/// Takes all the room that is left.
void fill_disk(const fs::path& file) {
    std::ofstream out(file, std::ios::binary);
    for (const std::size_t size : {std::size_t{1} << 16, std::size_t{1}})
        for (out.clear(); out.good();) out << std::string(size, 'x') << std::flush;
}

}  // namespace

TEST_CASE("a database is ready when it has exactly the program's schema") {
    const TestDatabase db(TestDatabase::Content::Nothing);
    CHECK(why_not_ready(db.url()) == "migration 0001_create_tokens.sql is not applied: run `heddle migrate`");
    migrate(*open_connection(db.url()));
    CHECK(why_not_ready(db.url()).empty());
    CHECK_THROWS_AS(why_not_ready("host=127.0.0.1 port=1 connect_timeout=2"), pqxx::broken_connection);
}

TEST_CASE("a database without room on its disk is not ready until there is some") {
    const TemporaryFolder folder;
    fs::permissions(folder.path(), fs::perms(0755));
    const std::string told = in_child([&]() -> std::string {
        if (!mount_small_disk(folder.path(), std::size_t{256} << 20)) return "no mount";
        const EmbeddedCluster cluster(folder.path() / "pg", HEDDLE_TEST_KEEPER);
        const std::string url = cluster.url("heddle");
        migrate(*open_connection(url));
        std::string all = why_not_ready(url) + "|";
        fill_disk(folder.path() / "filler");
        all += why_not_ready(url) + "|";
        fs::remove(folder.path() / "filler");
        return all + why_not_ready(url);
    });
    if (told == "no mount") return note("a database's full disk was not tested: no mount namespaces here");
    CHECK(told == "|no space left on the disk of the database|");
}

TEST_CASE("runs, jobs and reports are counted by their states") {
    RunWorld world;
    CHECK(in_words(count_tables(world.url())).empty());
    world.start(RunWorld::pull_request(1, "aaa"));
    world.start(RunWorld::pull_request(2, "bbb"));
    world.claim("run_workflows");
    world.tell(
        "INSERT INTO commit_statuses (forge_id, repository_id, token_id, commit_sha, context, state) "
        "SELECT forge_id, id, " +
        std::to_string(world.token_id()) + ", 'aaa', 'OBS', 'pending' FROM repositories");
    world.tell(
        "INSERT INTO status_reports (status_id, version, state, sent_state, finished_at) "
        "SELECT id, 1, said, 'pending', CASE WHEN said <> 'sending' THEN now() END "
        "FROM commit_statuses, unnest(ARRAY['sending', 'sent', 'sent']) AS said");
    CHECK(in_words(count_tables(world.url())) ==
          "jobs run_workflows available 1;jobs run_workflows running 1;"
          "reports  sending 1;reports  sent 2;runs  queued 2;");
}

TEST_CASE("of runs and reports only the newest are counted") {
    RunWorld world;
    world.start(RunWorld::pull_request(1, "aaa"));
    world.tell("ALTER TABLE workflow_runs ALTER COLUMN id RESTART WITH 20000");
    world.start(RunWorld::pull_request(2, "bbb"));
    CHECK(in_words(count_tables(world.url())) == "jobs run_workflows available 2;runs  queued 1;");
}
