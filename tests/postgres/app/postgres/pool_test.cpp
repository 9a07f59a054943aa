// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/pool.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <future>
#include <optional>
#include <thread>

#include "tests/support/postgres_fixture.hpp"

using namespace heddle;
using heddle::testing::TestDatabase;

TEST_CASE("a pool lends one connection again and again") {
    const TestDatabase db;
    Pool pool(db.url(), 4);
    const int first = in_transaction(
        pool, [](auto& tx) { return tx.exec1("SELECT pg_backend_pid()")[0].template as<int>(); });
    const int second = in_transaction(
        pool, [](auto& tx) { return tx.exec1("SELECT pg_backend_pid()")[0].template as<int>(); });
    CHECK(first == second);
}

TEST_CASE("a transaction that throws leaves nothing") {
    const TestDatabase db;
    Pool pool(db.url(), 1);
    CHECK_THROWS_AS(in_transaction(pool,
                                   [](auto& tx) {
                                       tx.exec("INSERT INTO users (login) VALUES ('ann')");
                                       throw std::runtime_error("no");
                                   }),
                    std::runtime_error);
    CHECK(in_transaction(pool, [](auto& tx) {
              return tx.exec1("SELECT count(*) FROM users")[0].template as<int>();
          }) == 0);
}

TEST_CASE("who asks for more than the pool has waits until one comes back") {
    const TestDatabase db;
    Pool pool(db.url(), 1);
    std::promise<void> asking;
    std::future<int> answer;
    {
        const Pool::Lease lease = pool.acquire();
        answer = std::async(std::launch::async, [&] {
            asking.set_value();
            const Pool::Lease mine = pool.acquire();
            return pqxx::nontransaction(*mine).exec1("SELECT 1")[0].as<int>();
        });
        asking.get_future().wait();
        CHECK(answer.wait_for(std::chrono::milliseconds(20)) == std::future_status::timeout);
    }
    CHECK(answer.get() == 1);
}

TEST_CASE("a connection that the server ended is replaced before it is lent") {
    const TestDatabase db;
    Pool pool(db.url(), 2);
    const int pid = in_transaction(
        pool, [](auto& tx) { return tx.exec1("SELECT pg_backend_pid()")[0].template as<int>(); });
    const auto other = open_connection(db.url());
    pqxx::nontransaction(*other).exec("SELECT pg_terminate_backend(" + std::to_string(pid) + ", 10000)");
    CHECK(in_transaction(pool, [](auto& tx) {
              return tx.exec1("SELECT pg_backend_pid()")[0].template as<int>();
          }) != pid);
}

TEST_CASE("a connection that breaks in a transaction is thrown away, not opened again behind our back") {
    const TestDatabase db;
    Pool pool(db.url(), 1);
    CHECK_THROWS_AS(
        in_transaction(pool, [](auto& tx) { tx.exec("SELECT pg_terminate_backend(pg_backend_pid())"); }),
        pqxx::broken_connection);
    CHECK(in_transaction(pool, [](auto& tx) { return tx.exec1("SELECT 1")[0].template as<int>(); }) == 1);
}

TEST_CASE("a connection that can't be opened does not use up the pool") {
    Pool pool("postgresql:///nothing?host=/nonexistent", 1);
    CHECK_THROWS_AS(pool.acquire(), pqxx::broken_connection);
    CHECK_THROWS_AS(pool.acquire(), pqxx::broken_connection);
}

TEST_CASE("a serialization failure is tried again, at most three times") {
    const TestDatabase db;
    Pool pool(db.url(), 1);
    int tries = 0;
    in_transaction(pool, [&](auto& tx) {
        if (++tries < 3) tx.exec("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$");
    });
    CHECK(tries == 3);
    tries = 0;
    CHECK_THROWS_AS(in_transaction(pool,
                                   [&](auto& tx) {
                                       ++tries;
                                       tx.exec("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$");
                                   }),
                    pqxx::transaction_rollback);
    CHECK(tries == 3);
}

TEST_CASE("a session speaks UTC and UTF-8 whatever the environment says") {
    const TestDatabase db;
    setenv("PGTZ", "Asia/Tokyo", 1);
    setenv("PGCLIENTENCODING", "LATIN1", 1);
    const auto connection = open_connection(db.url());
    unsetenv("PGTZ");
    unsetenv("PGCLIENTENCODING");
    pqxx::nontransaction tx(*connection);
    CHECK(tx.exec1("SHOW timezone")[0].as<std::string>() == "UTC");
    CHECK(tx.exec1("SHOW client_encoding")[0].as<std::string>() == "UTF8");
}

TEST_CASE("who waits for a connection and then for the database waits no longer than the patience") {
    const TestDatabase db;
    constexpr std::chrono::seconds kPatience(2);
    Pool pool(db.url(), 1, kPatience);
    Pool other(db.url(), 1);
    std::optional<Pool::Lease> held(pool.acquire());
    Pool::Lease holder = other.acquire();
    pqxx::work holds(*holder);
    holds.exec("LOCK TABLE users");
    const auto began = std::chrono::steady_clock::now();
    CHECK_THROWS_AS(pool.acquire(), pqxx::broken_connection);
    CHECK(std::chrono::steady_clock::now() - began < kPatience);
    auto waiting = std::async(std::launch::async,
                              [&] { in_transaction(pool, [](auto& tx) { tx.exec("SELECT FROM users"); }); });
    held.reset();
    CHECK_THROWS_AS(waiting.get(), pqxx::broken_connection);
}

TEST_CASE("a database that says nothing costs its borrowers a limited time, and is found again") {
    const TestDatabase db;
    Pool pool(db.url(), 2, std::chrono::milliseconds(300));
    Pool other(db.url(), 1);
    const auto ask = [&] {
        return in_transaction(pool, [](auto& tx) { return tx.exec1("SELECT 1")[0].template as<int>(); });
    };
    CHECK(ask() == 1);
    {
        Pool::Lease holder = other.acquire();
        pqxx::work holds(*holder);
        holds.exec("LOCK TABLE users");
        // Both wait for the lock, as they would for a frozen server.
        const auto wait = [&] { in_transaction(pool, [](auto& tx) { tx.exec("SELECT FROM users"); }); };
        auto one = std::async(std::launch::async, wait);
        auto two = std::async(std::launch::async, wait);
        CHECK_THROWS_AS(one.get(), pqxx::broken_connection);
        CHECK_THROWS_AS(two.get(), pqxx::broken_connection);
        // Only one finds out whether it answers again; the next does not wait.
        auto trying = std::async(std::launch::async, wait);
        CHECK_THROWS_AS(trying.get(), pqxx::broken_connection);
    }
    CHECK(ask() == 1);
    CHECK(ask() == 1);
}
