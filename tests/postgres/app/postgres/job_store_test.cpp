// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/job_store.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "app/postgres/database_trouble.hpp"
#include "tests/support/run_world.hpp"

using namespace heddle;
using heddle::testing::eventually;
using heddle::testing::RunWorld;
using namespace std::chrono_literals;

namespace {

std::int64_t enqueue(RunWorld& world, const std::string& key, const std::string& kind = "work") {
    return in_transaction(world.pool(), [&](pqxx::work& tx) {
        return enqueue_job(tx, {kind, key, "{}", 3});
    });
}

std::vector<Job> claim(RunWorld& world, int limit, const std::vector<std::string>& kinds = {"work"}) {
    return in_transaction(world.pool(), [&](pqxx::work& tx) { return claim_jobs(tx, 1, kinds, limit, 30s); });
}

void complete(RunWorld& world, const Job& job) {
    in_transaction(world.pool(), [&](pqxx::work& tx) { complete_job(tx, job); });
}

}  // namespace

TEST_CASE("jobs of one key are claimed in order of id, one at a time") {
    RunWorld world;
    const auto first = enqueue(world, "a");
    const auto second = enqueue(world, "a");
    const auto other = enqueue(world, "b");

    const std::vector<Job> jobs = claim(world, 10);
    REQUIRE(jobs.size() == 2);
    CHECK(jobs[0].id == first);
    CHECK(jobs[1].id == other);
    CHECK(jobs[0].attempt == 1);
    CHECK(claim(world, 10).empty());

    complete(world, jobs[0]);
    const std::vector<Job> next = claim(world, 10);
    REQUIRE(next.size() == 1);
    CHECK(next[0].id == second);
}

TEST_CASE("a job that waits for its retry blocks its key and no other") {
    RunWorld world;
    enqueue(world, "a");
    enqueue(world, "a");
    const Job job = claim(world, 1).at(0);
    in_transaction(world.pool(), [&](pqxx::work& tx) { retry_job_later(tx, job, "no luck", 1h); });
    enqueue(world, "b");

    const std::vector<Job> jobs = claim(world, 10);
    REQUIRE(jobs.size() == 1);
    CHECK(jobs[0].key == "b");
    CHECK(world.ask("SELECT state, failures, error FROM jobs WHERE key = 'a' ORDER BY id") ==
          "available|1|no luck;available|0|");
    const auto wait = in_transaction(world.pool(), [&](pqxx::work& tx) { return next_job_in(tx, {"work"}); });
    REQUIRE(wait.has_value());
    CHECK(*wait > 59min);
    CHECK(*wait <= 60min);
}

TEST_CASE("only the attempt that holds a job may record") {
    RunWorld world;
    enqueue(world, "a");
    const Job old = claim(world, 1).at(0);
    in_transaction(world.pool(), [&](pqxx::work& tx) { give_back_job(tx, old); });
    const Job present = claim(world, 1).at(0);
    CHECK(present.attempt == 2);
    CHECK(present.failures == 0);

    CHECK_THROWS_AS(complete(world, old), JobLost);
    CHECK_THROWS_AS(in_transaction(world.pool(), [&](pqxx::work& tx) { guard_job(tx, old); }), JobLost);
    CHECK_THROWS_AS(in_transaction(world.pool(), [&](pqxx::work& tx) { retry_job_later(tx, old, "x", 1s); }),
                    JobLost);
    in_transaction(world.pool(), [&](pqxx::work& tx) { give_back_job(tx, old); });
    CHECK(world.ask("SELECT state, attempt FROM jobs") == "running|2");
    complete(world, present);
    CHECK(world.ask("SELECT count(*) FROM jobs") == "0");
}

TEST_CASE("a dead job frees its key and a kind without handler is left alone") {
    RunWorld world;
    enqueue(world, "a");
    enqueue(world, "a");
    enqueue(world, "a", "unknown");
    const Job job = claim(world, 1).at(0);
    in_transaction(world.pool(), [&](pqxx::work& tx) { mark_job_dead(tx, job, "bad \xff bytes"); });
    CHECK(claim(world, 10).size() == 1);
    CHECK(world.ask("SELECT error FROM jobs WHERE state = 'dead'") == "bad \xEF\xBF\xBD bytes");
}

TEST_CASE("one waiting sync_status per status is enough") {
    RunWorld world;
    const auto sync = [&] {
        in_transaction(world.pool(), [&](pqxx::work& tx) { enqueue_sync_status(tx, 7); });
    };
    sync();
    sync();
    CHECK(world.ask("SELECT count(*) FROM jobs") == "1");
    const Job running = claim(world, 1, {"sync_status"}).at(0);
    CHECK(payload_number(running, "status") == 7);
    CHECK_THROWS_AS(payload_number(running, "run"), std::logic_error);
    sync();
    CHECK(world.ask("SELECT count(*) FROM jobs") == "2");

    SUBCASE("one that fails stays, with its patience") {
        in_transaction(world.pool(), [&](pqxx::work& tx) { retry_job_later(tx, running, "503", 1h); });
        CHECK(world.ask("SELECT id, failures FROM jobs") == std::to_string(running.id) + "|1");
    }
    SUBCASE("one that is given back stays") {
        in_transaction(world.pool(), [&](pqxx::work& tx) { give_back_job(tx, running); });
        CHECK(world.ask("SELECT id, state FROM jobs") == std::to_string(running.id) + "|available");
    }
    SUBCASE("one that is done leaves the newer one") {
        complete(world, running);
        CHECK(claim(world, 1, {"sync_status"}).size() == 1);
    }
}

TEST_CASE("a thousand jobs of mixed keys, four claimers: each once, in order, one per key at a time") {
    RunWorld world;
    world.tell(
        "INSERT INTO jobs (kind, key, max_attempts) SELECT 'work', 'k' || i * 7919 % 23, 1 "
        "FROM generate_series(1, 1000) i");
    std::mutex mutex;
    std::map<std::string, std::vector<std::int64_t>> done;
    std::map<std::string, int> at_work;
    bool overlapped = false;
    const auto work = [&] {
        for (;;) {
            std::vector<Job> jobs;
            try {
                jobs = claim(world, 8);
            } catch (const pqxx::unique_violation&) {
                continue;  // another one took that key
            }
            if (jobs.empty() && world.ask("SELECT count(*) FROM jobs") == "0") return;
            for (const Job& job : jobs) {
                const std::lock_guard lock(mutex);
                overlapped |= ++at_work[job.key] > 1;
                done[job.key].push_back(job.id);
            }
            for (const Job& job : jobs) {
                {
                    const std::lock_guard lock(mutex);
                    --at_work[job.key];
                }
                complete(world, job);
            }
        }
    };
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) threads.emplace_back(work);
    }
    std::size_t count = 0;
    for (const auto& [key, ids] : done) {
        count += ids.size();
        CHECK(std::is_sorted(ids.begin(), ids.end()));
        CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
    }
    CHECK(count == 1000);
    CHECK_FALSE(overlapped);
}

TEST_CASE("a renewed lease grows, another worker's does not") {
    RunWorld world;
    const auto mine = enqueue(world, "a");
    const auto other = enqueue(world, "b");
    claim(world, 1);
    in_transaction(world.pool(), [&](pqxx::work& tx) { claim_jobs(tx, 2, {"work"}, 1, 30s); });
    CHECK(in_transaction(world.pool(), [&](pqxx::work& tx) {
              return renew_leases(tx, 1, {mine, other}, 1h);
          }) == std::vector{other});
    CHECK(world.ask("SELECT key FROM jobs WHERE lease_until > now() + interval '50 minutes'") == "a");
}

TEST_CASE("a locked row's lease is renewed in its turn, or not in time") {
    RunWorld world;
    const auto id = enqueue(world, "a");
    const Job job = claim(world, 1).at(0);
    const auto renew = [&](std::chrono::milliseconds patience) {
        in_transaction(world.pool(), [&](pqxx::work& tx) { renew_locked_lease(tx, 1, id, 1h, patience); });
    };
    const std::string kRenewed = "SELECT lease_until > now() + interval '50 minutes' FROM jobs";
    std::optional<std::jthread> renewal;
    in_transaction(world.pool(), [&](pqxx::work& tx) {
        guard_job(tx, job);
        CHECK(in_transaction(world.pool(), [&](pqxx::work& other) {
                  return renew_leases(other, 1, {id}, 1h);
              }) == std::vector{id});
        bool timed_out = false;
        try {
            renew(1ms);
        } catch (const pqxx::sql_error& error) {
            timed_out = is_cut_off(error);
        }
        CHECK(timed_out);
        renewal.emplace([&] { renew(20s); });
        CHECK(
            eventually([&] { return world.ask("SELECT count(*) FROM pg_locks WHERE NOT granted") == "1"; }));
        CHECK(world.ask(kRenewed) == "f");
    });
    renewal.reset();
    CHECK(world.ask(kRenewed) == "t");
}
