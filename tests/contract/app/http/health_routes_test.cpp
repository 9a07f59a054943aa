// SPDX-License-Identifier: Apache-2.0
#include "app/http/health_routes.hpp"

#include <atomic>
#include <stdexcept>
#include <string>

#include "tests/contract/app/http/server_world.hpp"
#include "tests/fakes/gate.hpp"

using namespace heddle;
using namespace heddle::test;
using heddle::testing::Gate;

namespace {

struct HealthWorld : ServerWorld {
    HealthWorld() {
        sources.stopping = [this] { return stopping.load(); };
        sources.why_not_ready = [] { return std::string(); };
        sources.count_tables = [this] {
            ++counted;
            return std::vector<TableCount>{{"jobs", "sync_status", "available", 5},
                                           {"reports", "", "sent", 7},
                                           {"runs", "", "success", 9}};
        };
        sources.ready_for = 0ms;
    }
    void begin() {
        routes.add(health_routes(sources, metrics));
        start();
    }

    HealthSources sources;
    std::atomic<bool> stopping = false;
    std::atomic<int> counted = 0;
    Metrics metrics;
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("ready, until it stops") {
    HealthWorld world;
    world.begin();
    CHECK(world.ask(get("/healthz")).status == 200);
    CHECK(world.ask(get("/readyz")).body == "ready\n");
    world.stopping = true;
    const RawAnswer answer = world.ask(get("/readyz"));
    CHECK(answer.status == 503);
    CHECK(answer.body == "stopping\n");
    CHECK(world.ask(get("/healthz")).status == 200);
}

TEST_CASE(
    "not ready for a reason, which is no secret, or because the database can't be reached, which may be") {
    CapturedLog log;
    HealthWorld world;
    std::atomic<bool> gone = false;
    world.sources.why_not_ready = [&]() -> std::string {
        if (gone) throw std::runtime_error("no host db.example\n");
        return "the schema is older than the program";
    };
    world.begin();
    CHECK(world.ask(get("/readyz")).status == 503);
    CHECK(world.ask(get("/readyz")).body == "the schema is older than the program\n");
    gone = true;
    CHECK(world.ask(get("/readyz")).body == "the database can't be reached\n");
    CHECK(log.text() == "warning not ready: no host db.example\n");
}

TEST_CASE("a database that does not answer makes it not ready, and holds up nobody") {
    CapturedLog log;
    HealthWorld world;
    Gate gate;
    world.options.threads = 1;
    world.sources.patience = 20ms;
    world.sources.why_not_ready = [&] {
        gate.pass();
        return std::string();
    };
    world.begin();
    for (int i = 0; i < 3; ++i) CHECK(world.ask(get("/readyz")).status == 503);
    CHECK(gate.arrived() == 1);  // not asked again while the question is open
    gate.open();
    const auto until = std::chrono::steady_clock::now() + 10s;
    RawAnswer answer;
    while (answer.status != 200 && std::chrono::steady_clock::now() < until)
        answer = world.ask(get("/readyz"));
    CHECK(answer.status == 200);
}

TEST_CASE("metrics: what was counted here, and what stands in the tables, not counted at each look") {
    HealthWorld world;
    world.metrics.delivery("git", "accepted", 7ms);
    world.metrics.delivery("", "rejected", 70ms);
    world.begin();
    const RawAnswer answer = world.ask(get("/metrics"));
    CHECK(answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
    for (const std::string line : {"heddle_deliveries_total{forge=\"git\",verdict=\"accepted\"} 1",
                                   "heddle_deliveries_total{forge=\"unknown\",verdict=\"rejected\"} 1",
                                   "heddle_delivery_answer_seconds_bucket{le=\"0.01\"} 1",
                                   "heddle_delivery_answer_seconds_count 2",
                                   "heddle_jobs{kind=\"sync_status\",state=\"available\"} 5",
                                   "heddle_reports{state=\"sent\"} 7",
                                   "heddle_runs{status=\"success\"} 9",
                                   "heddle_database_up 1"})
        CHECK_MESSAGE(contains(answer.body, line + "\n"), answer.body);
    CHECK(world.ask(get("/metrics")).status == 200);
    CHECK(world.counted == 1);
}

TEST_CASE("metrics without the database") {
    HealthWorld world;
    world.sources.count_tables = []() -> std::vector<TableCount> { throw std::runtime_error("gone"); };
    world.begin();
    const RawAnswer answer = world.ask(get("/metrics"));
    CHECK(answer.status == 200);
    CHECK(contains(answer.body, "heddle_database_up 0\n"));
    CHECK_FALSE(contains(answer.body, "heddle_runs"));
}
