// SPDX-License-Identifier: Apache-2.0
// The databases that `heddle try` makes, one per repository, and when they go.
#include <doctest/doctest.h>

#include <optional>
#include <pqxx/pqxx>
#include <set>

#include "app/postgres/embedded_cluster.hpp"
#include "app/postgres/file_lock.hpp"
#include "tests/flow/try_world.hpp"

using namespace heddle::test;
using heddle::EmbeddedCluster;

namespace {

namespace fs = std::filesystem;

const std::string kDropped = "dropped the databases of earlier tries of ";

/// A data directory in which two repositories were tried, the first of which goes away or is forgotten.
struct TwoTries {
    TemporaryFolder data;
    std::optional<TryWorld> first{"first"};
    TryWorld second{"second"};
    std::string first_path = first->repository.path();

    TwoTries() {
        fs::permissions(data.path(), fs::perms(0755));
        for (TryWorld* world : {&*first, &second}) {
            world->base({{"a", "a"}});
            world->head({{"b", "b"}});
        }
        try_it(*first);
    }
    std::string try_it(const TryWorld& world) const {
        RunOptions options = world.options();
        options.environment["HEDDLE_DATA_DIR"] = data.path() / "data";
        const Ended ended =
            run({heddle_program(), "try", world.repository.path(), "--base", "main", "--head", "change"},
                options);
        REQUIRE_MESSAGE(ended.exit_code == 0, ended.out << ended.err);
        return ended.out;
    }
    /// Keeps the server running as long as it lives.
    EmbeddedCluster cluster() const {
        return EmbeddedCluster(data.path() / "data/postgres", heddle_program());
    }
};

/// The databases of tries and their marks.
std::set<std::string> databases(const EmbeddedCluster& cluster) {
    pqxx::connection connection(cluster.url("heddle"));
    pqxx::work tx(connection);
    std::set<std::string> found;
    for (const auto& row : tx.exec("SELECT datname FROM pg_database WHERE datname LIKE 'heddle\\_try\\_%'"))
        found.insert(row[0].c_str());
    return found;
}

void forget(const EmbeddedCluster& cluster, const std::string& database) {
    pqxx::connection connection(cluster.url("heddle"));
    pqxx::work tx(connection);
    const std::string mark =
        tx.exec("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = " +
                tx.quote(database))[0][0]
            .c_str();
    tx.exec("COMMENT ON DATABASE " + tx.quote_name(database) + " IS " +
            tx.quote("1000000000" + mark.substr(mark.find(' '))));
    tx.commit();
}

}  // namespace

TEST_CASE("the next try drops the database of a repository that is gone or was not tried for long") {
    TwoTries tries;
    const EmbeddedCluster cluster = tries.cluster();
    const auto before = databases(cluster);
    REQUIRE(before.size() == 1);
    const std::string database = *before.begin();
    CHECK(tries.try_it(tries.second).find(kDropped) == std::string::npos);
    CHECK(databases(cluster).contains(database));
    std::string why;
    SUBCASE("gone") {
        tries.first.reset();
        why = " (which is gone)\n";
    }
    SUBCASE("long ago") {
        forget(cluster, database);
        why = " (not tried for 365 days)\n";
    }
    const std::string out = tries.try_it(tries.second);
    CHECK_MESSAGE(out.find(kDropped + tries.first_path + why) != std::string::npos, out);
    const auto after = databases(cluster);
    CHECK(after.size() == 1);
    CHECK_FALSE(after.contains(database));
}

TEST_CASE("a database of a try that somebody uses stays, wherever its repository is") {
    TwoTries tries;
    const EmbeddedCluster cluster = tries.cluster();
    const std::string database = *databases(cluster).begin();
    tries.first.reset();
    std::optional<pqxx::connection> session;
    std::optional<heddle::FileLock> beginning;
    SUBCASE("connected") { session.emplace(cluster.url(database)); }
    SUBCASE("about to connect") {
        beginning.emplace(tries.data.path() / "data/postgres/tries.lock");
        beginning->share();
    }
    CHECK(tries.try_it(tries.second).find(kDropped) == std::string::npos);
    CHECK(databases(cluster).contains(database));
    session.reset();
    beginning.reset();
    CHECK(tries.try_it(tries.second).find(kDropped) != std::string::npos);
    CHECK_FALSE(databases(cluster).contains(database));
}
