// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/migrate.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <future>

#include "app/postgres/pool.hpp"
#include "tests/support/postgres_fixture.hpp"

using namespace heddle;
using heddle::testing::TestDatabase;

namespace {

const std::vector<Migration> kTwo{{1, "0001_create_a.sql", "CREATE TABLE a (x int)", "one"},
                                  {2, "0002_create_b.sql", "CREATE TABLE b (x int)", "two"}};

bool has_table(pqxx::connection& connection, const std::string& name) {
    pqxx::nontransaction tx(connection);
    return tx.exec_params1("SELECT to_regclass($1) IS NOT NULL", name)[0].as<bool>();
}

void run(pqxx::connection& connection, const std::string& sql) { pqxx::nontransaction(connection).exec(sql); }

}  // namespace

TEST_CASE("migrations are applied once, in order") {
    const TestDatabase db(TestDatabase::Content::Nothing);
    const auto connection = open_connection(db.url());
    CHECK(migrate(*connection, kTwo) == std::vector<std::string>{"0001_create_a.sql", "0002_create_b.sql"});
    CHECK(migrate(*connection, kTwo).empty());
}

TEST_CASE("a database without the program's schema is not used") {
    const TestDatabase db(TestDatabase::Content::Nothing);
    const auto connection = open_connection(db.url());
    CHECK_THROWS_WITH_AS(check_schema(*connection),
                         "migration 0001_create_tokens.sql is not applied: run `heddle migrate`",
                         SchemaError);
    migrate(*connection);
    CHECK_NOTHROW(check_schema(*connection));
}

TEST_CASE("a migration that fails leaves nothing of itself and all of those before it") {
    const TestDatabase db(TestDatabase::Content::Nothing);
    const auto connection = open_connection(db.url());
    auto broken = kTwo;
    broken.push_back(
        {3, "0003_break.sql", "CREATE TABLE c (x int); SELECT 1/0; CREATE TABLE d (x int)", "three"});
    CHECK_THROWS_AS(migrate(*connection, broken), SchemaError);
    CHECK(has_table(*connection, "b"));
    CHECK_FALSE(has_table(*connection, "c"));
    CHECK(migrate(*connection, kTwo).empty());
}

TEST_CASE("a migration that was edited after it was applied is refused") {
    const TestDatabase db;
    const auto connection = open_connection(db.url());
    run(*connection, "UPDATE schema_migrations SET checksum = 'other' WHERE number = 2");
    CHECK_THROWS_AS(migrate(*connection), SchemaError);
    CHECK_THROWS_AS(check_schema(*connection), SchemaError);
}

TEST_CASE("a schema that is newer than the program is refused") {
    const TestDatabase db;
    const auto connection = open_connection(db.url());
    run(*connection,
        "INSERT INTO schema_migrations (number, name, checksum) VALUES (9999, '9999_x.sql', '')");
    CHECK_THROWS_WITH_AS(
        migrate(*connection),
        "the database was made by a newer Heddle (it has migration 9999_x.sql): install that version",
        SchemaError);
    CHECK_THROWS_AS(check_schema(*connection), SchemaError);
}

TEST_CASE("a schema with a gap is refused") {
    const TestDatabase db;
    const auto connection = open_connection(db.url());
    run(*connection, "DELETE FROM schema_migrations WHERE number = 2");
    CHECK_THROWS_AS(migrate(*connection), SchemaError);
}

TEST_CASE("processes that migrate at once apply each migration once") {
    const TestDatabase db(TestDatabase::Content::Nothing);
    std::vector<std::future<std::size_t>> all;
    for (int i = 0; i < 4; ++i)
        all.push_back(
            std::async(std::launch::async, [&] { return migrate(*open_connection(db.url())).size(); }));
    std::size_t applied = 0;
    for (auto& one : all) applied += one.get();
    CHECK(applied == migrations().size());
}

TEST_CASE("the lock of migrations is free afterwards, also after a failure") {
    const TestDatabase db(TestDatabase::Content::Nothing);
    const auto connection = open_connection(db.url());
    migrate(*connection, kTwo);
    CHECK_THROWS_AS(migrate(*connection, {{1, "0001_create_a.sql", "", "edited"}}), SchemaError);
    pqxx::nontransaction tx(*connection);
    CHECK(tx.exec1("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")[0].as<int>() == 0);
}
