// SPDX-License-Identifier: Apache-2.0
#include "app/http/build_event_routes.hpp"

#include <string>

#include "tests/contract/app/http/server_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

/// Knows the key "right" and answers what it is told.
struct EventWorld : ServerWorld {
    EventWorld() {
        BuildEventDoor door;
        door.find_key = [](const std::string& key) -> std::optional<BuildEventKey> {
            if (key == "right") return BuildEventKey{3, "demo"};
            return std::nullopt;
        };
        door.accept = [this](const BuildEventKey& key, std::string_view body) {
            seen_project = key.project;
            seen_body = body;
            return answer;
        };
        routes.add(build_event_routes(door, refusals, metrics));
        start();
    }
    RawAnswer emit(const std::string& body, const std::string& authorization) const {
        return ask(post("/api/v1/build-events", body, "Authorization: " + authorization + "\r\n"));
    }

    IntakeAnswer answer{200, "", 2, 1};
    std::string seen_project, seen_body;
    Refusals refusals;
    Metrics metrics;
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("build events are taken in with a key") {
    CapturedLog log;
    EventWorld world;
    for (const std::string scheme : {"Bearer", "bearer"}) {
        const RawAnswer answer = world.emit("[{}]", scheme + " right");
        CHECK(answer.status == 200);
        CHECK(answer.header("Content-Type") == "application/json");
        CHECK(answer.body == "{\"accepted\":2,\"duplicates\":1}\n");
    }
    CHECK(world.seen_project == "demo");
    CHECK(world.seen_body == "[{}]");
    CHECK(contains(world.metrics.text({}), "heddle_build_events_total{verdict=\"accepted\"} 4"));
    CHECK(contains(world.metrics.text({}), "heddle_build_events_total{verdict=\"duplicate\"} 2"));
    CHECK(contains(log.text(), "info build_events_answered key=3 accepted=2 duplicates=1\n"));
    CHECK_FALSE(contains(log.text(), "right"));
}

TEST_CASE("without a key build events are refused unread") {
    EventWorld world;
    for (const std::string authorization : {"Bearer wrong", "Basic right", "Bearer ", "right", ""}) {
        INFO(authorization);
        const RawAnswer answer = world.ask(
            "POST /api/v1/build-events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nAuthorization: " +
            authorization + "\r\n\r\n");
        CHECK(answer.status == 401);
        CHECK(answer.header("WWW-Authenticate") == "Bearer");
        CHECK(answer.header("Content-Type") == "application/problem+json");
    }
    CHECK(world.seen_body.empty());
    CHECK(world.refusals.all().size() == 5);
}

TEST_CASE("a wrong build event is a problem that names the element") {
    EventWorld world;
    world.answer = {400, "[3].package is missing\x1b", 0, 0};
    const RawAnswer answer = world.emit("[]", "Bearer right");
    CHECK(answer.status == 400);
    CHECK(answer.header("Content-Type") == "application/problem+json");
    CHECK(answer.body ==
          "{\"detail\":\"[3].package is missing\",\"status\":400,\"title\":\"Bad "
          "Request\",\"type\":\"about:blank\"}\n");
    CHECK(world.refusals.all().empty());  // its sender is known
}

TEST_CASE("what the server refuses is a problem, too") {
    EventWorld world;
    const RawAnswer answer = world.ask(
        "POST /api/v1/build-events HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\nAuthorization: Bearer "
        "right\r\n\r\n");
    CHECK(answer.status == 413);
    CHECK(answer.header("Content-Type") == "application/problem+json");
    CHECK(contains(answer.body, "\"title\":\"Content Too Large\""));
}
