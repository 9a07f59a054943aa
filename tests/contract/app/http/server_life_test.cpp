// SPDX-License-Identifier: Apache-2.0
// Listening and stopping.
#include <future>
#include <string>

#include "app/config/wrong_use.hpp"
#include "tests/contract/app/http/server_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

/// A handler that says when it was entered, and waits to be let go.
struct Held {
    Route route() {
        return Route{"GET", "/held", [this](const auto&) {
                         entered.set_value();
                         let_go.get_future().wait();
                         return ServerWorld::text("held");
                     }};
    }
    std::promise<void> entered, let_go;
};

}  // namespace

TEST_CASE("a port belongs to one server") {
    ServerWorld world;
    world.start();
    ServerWorld second;
    second.options.server.port = world.server->port();
    const std::string sentence = "server.listen: 127.0.0.1, port " + std::to_string(world.server->port()) +
                                 ", can't be listened on: Address already in use";
    CHECK_THROWS_WITH_AS(second.start(), sentence.c_str(), WrongUse);
    world.server.reset();
    ServerWorld third;  // at once, although the first one's connections may linger
    third.options.server.port = second.options.server.port;
    third.start();
    CHECK(third.ask(get("/")).status == 200);
}

TEST_CASE("a host that is none can't be listened on") {
    for (const std::string host : {"no.such.host.invalid", "192.0.2.1", ""}) {
        ServerWorld world;
        world.options.server.host = host;
        CHECK_THROWS_AS(world.start(), WrongUse);
    }
}

TEST_CASE("IPv6, with and without brackets") {
    for (const std::string host : {"::1", "[::1]"}) {
        ServerWorld world;
        std::string address;
        world.routes.add(Route{"GET", "/who", [&](const auto& request) {
                                   address = request.remote_address;
                                   return ServerWorld::text("");
                               }});
        world.options.server.host = host;
        world.start();
        RawClient client(world.server->port(), "::1");
        CHECK(client.ask(get("/who")).status == 200);
        CHECK(address == "::1");
    }
}

TEST_CASE("stopping waits for the request in hand, and ends the rest") {
    ServerWorld world;
    Held held;
    world.routes.add(held.route());
    world.start();
    RawClient idle = world.client();
    CHECK(idle.ask(get("/")).status == 200);
    RawClient half = world.client();
    half.send("GET / HT");
    RawClient busy = world.client();
    busy.send(get("/held"));
    held.entered.get_future().wait();
    auto stopped = std::async(std::launch::async, [&] { world.server->stop(); });
    CHECK(idle.rest().empty());
    CHECK(half.rest().empty());
    CHECK_THROWS(world.client());
    held.let_go.set_value();
    const RawAnswer answer = busy.answer();
    CHECK(answer.body == "held");
    CHECK(answer.header("Connection") == "close");
    CHECK(busy.rest().empty());
    stopped.get();
}

TEST_CASE("stopping waits for a body that is on its way") {
    ServerWorld world;
    world.start();
    RawClient client = world.client();
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    CHECK(client.answer().status == 100);
    auto stopped = std::async(std::launch::async, [&] { world.server->stop(); });
    CHECK(client.ask("body").body == "body");
    stopped.get();
}

TEST_CASE("stopping does not wait longer than its deadline") {
    ServerWorld world;
    world.options.stop_deadline = 50ms;
    Held held;
    world.routes.add(held.route());
    world.start();
    RawClient busy = world.client();
    busy.send(get("/held"));
    held.entered.get_future().wait();
    world.server->stop();  // returns although the handler does not
    CHECK_THROWS(world.client());
    held.let_go.set_value();
    CHECK(busy.answer().body == "held");  // even so
}
