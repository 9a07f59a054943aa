// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/job_runner.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <set>

#include "app/jobs/rescuer.hpp"
#include "tests/fakes/gate.hpp"
#include "tests/support/run_world.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using heddle::testing::eventually;
using heddle::testing::Gate;
using heddle::testing::RunWorld;
using namespace std::chrono_literals;

namespace {

RunnerOptions quick() {
    RunnerOptions options;
    options.retry.first = 5ms;
    options.retry.longest = 20ms;
    options.poll = 200ms;
    options.rescue = 50ms;
    options.grace = 100ms;
    return options;
}

void enqueue(RunWorld& world, const std::string& key = "a", int max_attempts = 3) {
    in_transaction(world.pool(), [&](pqxx::work& tx) { enqueue_job(tx, {"work", key, "{}", max_attempts}); });
}

bool no_jobs(RunWorld& world) { return world.ask("SELECT count(*) FROM jobs") == "0"; }

JobHandlers handling(std::function<void(const Job&, JobGuard&)> run) {
    return {{"work", {std::move(run), {}}}};
}

/// A worker that took a job and was killed: its seat's connection is gone.
Job claim_and_die(RunWorld& world) {
    WorkerSeat seat = take_seat(world.url());
    const std::vector<Job> jobs = in_transaction(
        world.pool(), [&](pqxx::work& tx) { return claim_jobs(tx, seat.id, {"work"}, 1, 30s); });
    REQUIRE(jobs.size() == 1);
    return jobs[0];
}

}  // namespace

TEST_CASE("a runner may be stopped before it starts, twice, and started again") {
    RunWorld world;
    std::atomic<int> done = 0;
    JobRunner runner(world.pool(), quick(), handling([&](const Job&, JobGuard& guard) {
                         guard.finish();
                         ++done;
                     }));
    runner.stop();
    runner.start();
    runner.start();
    enqueue(world);
    CHECK(eventually([&] { return no_jobs(world); }));
    runner.stop();
    runner.stop();
    CHECK(world.ask("SELECT count(*) FROM workers") == "0");
    enqueue(world);
    runner.start();
    CHECK(eventually([&] { return done == 2; }));
}

TEST_CASE("NOTIFY wakes a runner that would poll in an hour") {
    RunWorld world;
    RunnerOptions options = quick();
    options.poll = 1h;
    JobRunner runner(world.pool(), options, handling([](const Job&, JobGuard& guard) { guard.finish(); }));
    runner.start();
    // The session listens before its first ring; give the claimer its idle round.
    CHECK(eventually([&] { return world.ask("SELECT count(*) FROM workers") == "1"; }));
    enqueue(world);
    CHECK(eventually([&] { return no_jobs(world); }));
}

TEST_CASE("without NOTIFY polling finds the job") {
    RunWorld world;
    world.tell("ALTER TABLE jobs DISABLE TRIGGER jobs_wake");
    JobRunner runner(world.pool(), quick(), handling([](const Job&, JobGuard& guard) { guard.finish(); }));
    runner.start();
    enqueue(world);
    CHECK(eventually([&] { return no_jobs(world); }));
}

TEST_CASE("failures are retried, then the job is dead") {
    RunWorld world;
    std::atomic<int> calls = 0;
    std::atomic<int> burials = 0;
    JobHandlers handlers = handling([&](const Job&, JobGuard&) {
        ++calls;
        throw RemoteError(RemoteError::Kind::Retry, "asking", "503");
    });
    handlers["work"].died = [&](pqxx::transaction_base&, const Job&, const std::string&) { ++burials; };
    JobRunner runner(world.pool(), quick(), handlers);
    runner.start();
    enqueue(world, "a", 3);
    CHECK(eventually([&] { return world.ask("SELECT state FROM jobs") == "dead"; }));
    CHECK(calls == 3);
    CHECK(burials == 1);
    CHECK(world.ask("SELECT failures, error FROM jobs") == "3|asking: 503");
}

TEST_CASE("a job waits as long as the far side asks") {
    RunWorld world;
    JobRunner runner(world.pool(), quick(), handling([&](const Job&, JobGuard&) {
                         RemoteError error(RemoteError::Kind::Retry, "asking", "429");
                         error.retry_after = 1h;
                         throw error;
                     }));
    runner.start();
    enqueue(world);
    CHECK(
        eventually([&] { return world.ask("SELECT failures FROM jobs WHERE state = 'available'") == "1"; }));
    CHECK(world.ask(
              "SELECT run_at - now() BETWEEN interval '59 minutes' AND interval '61 minutes' FROM jobs") ==
          "t");
}

TEST_CASE("a job that can do nothing yet waits, and that is no failure") {
    RunWorld world;
    JobRunner runner(world.pool(), quick(), handling([&](const Job&, JobGuard&) {
                         throw Postponed("the forge asked for a pause", 1h);
                     }));
    runner.start();
    enqueue(world, "a", 1);
    CHECK(eventually([&] {
        return world.ask("SELECT error FROM jobs WHERE state = 'available'") == "the forge asked for a pause";
    }));
    CHECK(world.ask("SELECT failures, run_at - now() BETWEEN interval '59 minutes' AND interval '61 minutes' "
                    "FROM jobs") == "0|t");
}

TEST_CASE("what can't be helped by trying again is dead at once") {
    RunWorld world;
    std::atomic<int> calls = 0;
    std::function<void()> fail;
    SUBCASE("refused") {
        fail = [] { throw RemoteError(RemoteError::Kind::GiveUp, "asking", "no permission"); };
    }
    SUBCASE("a bug") {
        fail = [] { throw std::logic_error("impossible"); };
    }
    SUBCASE("a handler that forgets to finish") {
        fail = [] {};
    }
    JobRunner runner(world.pool(), quick(), handling([&](const Job&, JobGuard&) {
                         ++calls;
                         fail();
                     }));
    runner.start();
    enqueue(world);
    CHECK(eventually([&] { return world.ask("SELECT state FROM jobs") == "dead"; }));
    CHECK(calls == 1);
}

TEST_CASE("a broken connection is no reason to die") {
    RunWorld world;
    std::atomic<int> calls = 0;
    JobRunner runner(world.pool(), quick(), handling([&](const Job&, JobGuard& guard) {
                         if (++calls == 1)
                             guard.record([](pqxx::work& tx) {
                                 tx.exec("SELECT pg_terminate_backend(pg_backend_pid())");
                             });
                         guard.finish();
                     }));
    runner.start();
    enqueue(world);
    CHECK(eventually([&] { return no_jobs(world); }));
    CHECK(calls == 2);
}

TEST_CASE("a worker that dies holding a job: another one finishes it, its late recording rolls back") {
    RunWorld world;
    enqueue(world);
    const Job orphan = claim_and_die(world);
    JobRunner runner(
        world.pool(), quick(), handling([](const Job&, JobGuard& guard) {
            guard.finish([](pqxx::work& tx) { tx.exec("INSERT INTO users (login) VALUES ('heir')"); });
        }));
    runner.start();
    CHECK(eventually([&] { return no_jobs(world); }));

    JobGuard late(world.pool(), orphan, {});
    CHECK_THROWS_AS(
        late.finish([](pqxx::work& tx) { tx.exec("INSERT INTO users (login) VALUES ('ghost')"); }), JobLost);
    CHECK_THROWS_AS(
        late.record([](pqxx::work& tx) { tx.exec("INSERT INTO users (login) VALUES ('ghost')"); }), JobLost);
    CHECK(world.ask("SELECT count(*) FROM users WHERE login = 'heir'") == "1");
    CHECK(world.ask("SELECT count(*) FROM users WHERE login = 'ghost'") == "0");
}

TEST_CASE("an overdue lease is given back although its worker lives, and is not counted as a failure") {
    RunWorld world;
    enqueue(world);
    const WorkerSeat seat = take_seat(world.url());
    in_transaction(world.pool(), [&](pqxx::work& tx) { claim_jobs(tx, seat.id, {"work"}, 1, 30s); });
    CHECK(rescue(world.pool(), {}) == 0);
    world.tell("UPDATE jobs SET lease_until = now() - interval '1 second'");
    CHECK(rescue(world.pool(), {}) == 1);
    CHECK(world.ask("SELECT state, failures, repeats FROM jobs") == "available|0|1");
    CHECK(world.ask("SELECT count(*) FROM workers") == "1");
}

TEST_CASE("a job that kills its workers is buried in the end") {
    RunWorld world;
    enqueue(world);
    world.tell("UPDATE jobs SET repeats = 99");
    claim_and_die(world);
    CHECK(eventually(
        [&] { return rescue(world.pool(), {}) == 0 && world.ask("SELECT state FROM jobs") == "dead"; }));
    CHECK(world.ask("SELECT error FROM jobs").starts_with("it was left unfinished 100 times"));
}

TEST_CASE("a stop gives back what is in hand, uncounted, and a handler that comes late records nothing") {
    RunWorld world;
    enqueue(world, "slow");
    Gate gate;
    std::atomic<bool> lost = false;
    RunnerOptions options = quick();
    options.runners = 1;
    options.prefetch = 5;
    JobRunner runner(world.pool(), options, handling([&](const Job&, JobGuard& guard) {
                         gate.pass();
                         try {
                             guard.finish();
                         } catch (const JobLost&) {
                             lost = true;
                             throw;
                         }
                     }));
    runner.start();
    REQUIRE(gate.await_arrival());
    enqueue(world, "never begun");
    CHECK(eventually([&] { return world.ask("SELECT count(*) FROM jobs WHERE state = 'running'") == "2"; }));
    const auto begun = std::chrono::steady_clock::now();
    std::jthread stopper([&] { runner.stop(); });
    CHECK(
        eventually([&] { return world.ask("SELECT count(*) FROM jobs WHERE state = 'available'") == "2"; }));
    CHECK(std::chrono::steady_clock::now() - begun < 10s);
    gate.open();
    stopper.join();
    CHECK(lost);
    CHECK(world.ask("SELECT sum(failures), sum(repeats) FROM jobs") == "0|0");
}

TEST_CASE("a handler that asks gives way when the program stops") {
    RunWorld world;
    enqueue(world);
    Gate gate;
    RunnerOptions options = quick();
    options.grace = 1h;
    JobRunner runner(world.pool(), options, handling([&](const Job&, JobGuard& guard) {
                         gate.pass();
                         for (;;) guard.give_way();
                     }));
    runner.start();
    REQUIRE(gate.await_arrival());
    gate.open();
    runner.stop();
    CHECK(world.ask("SELECT state, failures FROM jobs") == "available|0");
}

TEST_CASE("two processes on one database do each job once") {
    RunWorld world;
    std::mutex mutex;
    std::multiset<std::int64_t> done;
    const auto note = handling([&](const Job& job, JobGuard& guard) {
        guard.finish();
        const std::lock_guard lock(mutex);
        done.insert(job.id);
    });
    Pool other_pool(world.url(), 8);
    JobRunner one(world.pool(), quick(), note);
    JobRunner two(other_pool, quick(), note);
    one.start();
    two.start();
    world.tell(
        "INSERT INTO jobs (kind, key, max_attempts) SELECT 'work', 'k' || i % 40, 1 "
        "FROM generate_series(1, 400) i");
    CHECK(eventually([&] { return no_jobs(world); }));
    one.stop();
    two.stop();
    CHECK(done.size() == 400);
    CHECK(std::set<std::int64_t>(done.begin(), done.end()).size() == 400);
}

TEST_CASE("a worker whose connection breaks takes a new seat and keeps its job") {
    RunWorld world;
    // Its being given back shows that the first round of rescuing, the only one here, is over.
    in_transaction(world.pool(), [&](pqxx::work& tx) {
        enqueue_job(tx, {"marker", "m", "{}", 1});
        claim_jobs(tx, 1'000'000, {"marker"}, 1, 30s);
    });
    Gate gate;
    RunnerOptions options = quick();
    options.rescue = 1h;
    options.session.renew = 20ms;
    JobRunner runner(world.pool(), options, handling([&](const Job&, JobGuard& guard) {
                         gate.pass();
                         guard.finish();
                     }));
    runner.start();
    REQUIRE(
        eventually([&] { return world.ask("SELECT state FROM jobs WHERE kind = 'marker'") == "available"; }));
    world.tell("DELETE FROM jobs");
    enqueue(world);
    REQUIRE(gate.await_arrival());
    const std::string seat = world.ask("SELECT worker_id FROM jobs");
    world.tell(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = "
        "1214599249");
    CHECK(eventually([&] { return world.ask("SELECT worker_id FROM jobs") != seat; }));
    CHECK(rescue(world.pool(), {}) == 0);
    gate.open();
    CHECK(eventually([&] { return no_jobs(world); }));
    CHECK(gate.arrived() == 1);
}

TEST_CASE("a job that is being recorded whenever its lease is renewed keeps it") {
    RunWorld world;
    std::atomic<bool> waited_for = false;
    RunnerOptions options = quick();
    options.session.renew = 20ms;
    options.session.patience = 20s;
    JobRunner runner(
        world.pool(), options, handling([&](const Job&, JobGuard& guard) {
            guard.record([&](pqxx::work& tx) {
                tx.exec("UPDATE jobs SET lease_until = now()");
                waited_for = eventually(
                    [&] { return world.ask("SELECT count(*) FROM pg_locks WHERE NOT granted") == "1"; });
            });
            CHECK(eventually([&] { return world.ask("SELECT lease_until > now() FROM jobs") == "t"; }));
            guard.finish();
        }));
    runner.start();
    enqueue(world);
    CHECK(eventually([&] { return no_jobs(world); }));
    CHECK(waited_for);
}
