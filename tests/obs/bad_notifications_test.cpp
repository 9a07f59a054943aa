// SPDX-License-Identifier: Apache-2.0
// A backend that answers nonsense, too late or not at all: nothing is lost, nothing invented, nobody is
// flooded. It is a stand-in, since the real one can't be made to.
#include <doctest/doctest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "tests/obs/listening_world.hpp"
#include "tests/support/captured_log.hpp"
#include "tests/support/stand_in_server.hpp"

using namespace heddle;
using namespace heddle::test;
using namespace std::chrono_literals;
using nlohmann::json;
using Clock = std::chrono::steady_clock;
using Manner = StandInAnswer::Manner;

namespace {

const std::string kHello = "<hello name=\"Source Repository Server\" repoid=\"0123\"/>\n";
const std::string kQueue = "/lastnotifications";

json build(const std::string& package, const std::string& type = "BUILD_SUCCESS") {
    return {{"type", type},
            {"time", "1700000000"},
            {"data",
             {{"project", "demo"}, {"package", package}, {"repository", "standard"}, {"arch", "x86_64"}}}};
}

/// A queue in memory, which answers as the real one does unless a trouble is told.
struct Queue {
    Queue() {
        server.answer("GET", "/", {200, kHello});
        server.answer_all([this](const StandInRequest& request) { return answer(request); });
    }

    void add(const json& entry) {
        const std::lock_guard lock(mutex);
        entries.push_back(entry);
    }
    /// The next so many questions are answered so.
    void fail(int count, const StandInAnswer& how) {
        const std::lock_guard lock(mutex);
        failures = count;
        failure = how;
    }
    bool failed() {
        const std::lock_guard lock(mutex);
        return failures == 0;
    }
    StandInAnswer answer(const StandInRequest& request) {
        const std::lock_guard lock(mutex);
        if (failures > 0) return --failures, failure;
        const std::string query = request.query();
        if (query.find("block=1") != std::string::npos && !wakes_at_once) return {.manner = Manner::Hang};
        json answered{{"next", entries.size() + 1}};
        const std::size_t start = query.starts_with("start=") ? std::stoul(query.substr(6)) : 0;
        if (start == 0) answered["sync"] = "lost";
        for (std::size_t i = start; i >= 1 && i <= entries.size(); ++i)
            answered["notification"].push_back(entries[i - 1]);
        return {200, answered.dump()};
    }

    std::mutex mutex;
    std::vector<json> entries;
    int failures = 0;
    StandInAnswer failure;
    bool wakes_at_once = false;
    StandInServer server;  // last: it ends first
};

const std::string kBuilds = "SELECT package, type, right(sender_id, 2) FROM build_events ORDER BY id";

}  // namespace

TEST_CASE("a backend that talks nonsense for a while loses nothing, and the log has one line of it") {
    StandInAnswer nonsense;
    SUBCASE("a page of a proxy") { nonsense = {200, "<html><body>Please sign in</body></html>"}; }
    SUBCASE("an error") { nonsense = {500, "<status code=\"500\"><summary>oh</summary></status>"}; }
    SUBCASE("half an answer") {
        nonsense = {200, "{\"next\":2,\"notification\":[{\"type\":\"BUILD_SUCCESS\",\"data\":{\"proj"};
    }
    SUBCASE("a cut connection") { nonsense = {200, std::string(5000, ' '), {}, Manner::Cut}; }
    SUBCASE("no next") { nonsense = {200, R"({"notification":[]})"}; }
    SUBCASE("a next below nothing") { nonsense = {200, R"({"next":-5})"}; }
    SUBCASE("XML, as after a wait") { nonsense = {200, "<notifications next=\"2\" />"}; }
    SUBCASE("other numbers than ours") {
        nonsense = {200, json{{"next", 99}, {"notification", {build("lie")}}}.dump()};
    }
    SUBCASE("a document that is very deep") {
        nonsense = {200, std::string(200'000, '[') + std::string(200'000, ']')};
    }
    std::string log;
    {
        CapturedLog captured;
        Queue queue;
        ListeningWorld world;
        {
            const auto listener = world.listen_to_queue(queue.server.url());
            world.await_listening(1);
            queue.fail(6, nonsense);
            queue.add(build("good"));
            world.await(kBuilds, "good|build_success|/1");
            CHECK(queue.failed());
        }
        log = captured.text();
    }
    std::size_t lines = 0;
    for (auto at = log.find("events_interrupted"); at != std::string::npos;
         at = log.find("events_interrupted", at + 1))
        ++lines;
    CAPTURE(log);
    CHECK(lines == 1);
}

TEST_CASE("entries that can't be read are counted, and those around them are stored under their numbers") {
    Queue queue;
    ListeningWorld world;
    const auto listener = world.listen_to_queue(queue.server.url());
    world.await_listening(1);
    json no_name = build("x");
    no_name["data"].erase("project");
    json wrong_type = build("x");
    wrong_type["data"]["package"] = json::array({"a"});
    json deep = build("x");
    deep["data"]["arch"] = {{"a", {{"b", 1}}}};
    json traversal = build("../../etc");
    json nul = build(std::string("a\0b", 3));
    for (const json& entry : {build("first"),
                              no_name,
                              wrong_type,
                              deep,
                              traversal,
                              nul,
                              json("text"),
                              json{{"type", 7}},
                              build("x", "REPO_PUBLISHED"),
                              build("x", "BUILD_NONSENSE"),
                              build("last", "BUILD_FAIL")})
        queue.add(entry);
    world.await(kBuilds, "first|build_success|/1;last|build_fail|11");
    CHECK(world.heard("unusable") == 5);
    CHECK(world.heard("other") == 4);
}

TEST_CASE("a stop does not wait for the backend") {
    Queue queue;
    ListeningWorld world;
    auto listener = world.listen_to_queue(queue.server.url());
    world.await_listening(1);
    REQUIRE(queue.server.wait_for_requests(4));  // the last one waits
    const auto began = Clock::now();
    listener.reset();
    CHECK(Clock::now() - began < 5s);
}

TEST_CASE("a backend that can't wait is not flooded with questions") {
    Queue queue;
    queue.wakes_at_once = true;
    ListeningWorld world;
    const auto listener = world.listen_to_queue(queue.server.url());
    REQUIRE(queue.server.wait_for_requests(20));
    const auto began = Clock::now();
    REQUIRE(queue.server.wait_for_requests(40));
    // Two questions a round, and a pause of 50 ms in each.
    CHECK(Clock::now() - began > 400ms);
}
