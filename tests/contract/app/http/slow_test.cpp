// SPDX-License-Identifier: Apache-2.0
// Clients that are slow, idle or many: they cost no thread, and end at a deadline.
#include <string>
#include <vector>

#include "tests/contract/app/http/server_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

/// Sends a byte every few milliseconds until the server has had enough.
RawAnswer drip(RawClient& client, const std::string& begin, const std::string& piece) {
    client.send(begin);
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < until && client.send(piece))
        if (client.hears_within(2ms)) return client.answer();
    return {};
}

const std::string kPost = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n";
const std::string kChunked = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

constexpr std::size_t kLarge = 16 << 20;  // more than the sockets on the way hold

Route large() {
    return {"GET", "/large", [](const auto&) { return ServerWorld::text(std::string(kLarge, 'x')); }};
}

}  // namespace

TEST_CASE("a head or a body that drips in is cut off at a total deadline") {
    ServerWorld world;
    world.options.head_deadline = 100ms;
    world.options.body_deadline = 100ms;
    world.start();
    const auto cut_off = [&](const std::string& begin, const std::string& piece) {
        RawClient client = world.client();
        const RawAnswer answer = drip(client, begin, piece);
        CHECK(client.rest().empty());
        return answer.status;
    };
    CHECK(cut_off("GET / HTTP/1.1\r\nX: ", "x") == 408);
    CHECK(cut_off(kPost, "x") == 408);
    CHECK(cut_off(kChunked, "1\r\nx\r\n") == 408);
    CHECK(world.ask(get("/")).status == 200);
}

TEST_CASE("a client that says nothing is let go at a deadline") {
    ServerWorld world;
    world.options.head_deadline = 50ms;
    world.options.body_deadline = 50ms;
    world.options.idle_deadline = 50ms;
    world.start();
    RawClient mute = world.client();
    CHECK(mute.rest().empty());
    RawClient idle = world.client();
    CHECK(idle.ask(get("/")).status == 200);
    CHECK(idle.rest().empty());
    RawClient half = world.client();
    CHECK(half.ask("GET / HT").status == 408);
    RawClient without_body = world.client();
    CHECK(without_body.ask(kPost).status == 408);
}

TEST_CASE("slow and idle clients hold up nobody") {
    ServerWorld world;
    world.options.threads = 1;
    world.start();
    std::vector<RawClient> others;
    for (int i = 0; i < 60; ++i) {
        others.push_back(world.client());
        others.back().send("GET / HTTP/1.1\r\nHo");
        others.push_back(world.client());
        others.back().send(kPost + "x");
        others.push_back(world.client());
        others.back().send(kChunked + "5\r\nab");
        others.push_back(world.client());
        others.push_back(world.client());
        CHECK(others.back().ask(get("/")).status == 200);
    }
    CHECK(world.ask(get("/names/quick")).body == "quick");
    // None of them was forgotten either.
    others[0].send("st: x\r\n\r\n");
    CHECK(others[0].answer().body == "hello");
    others[2].send("cde\r\n0\r\n\r\n");
    CHECK(others[2].answer().body == "abcde");
    CHECK(others[3].ask(get("/")).status == 200);
    CHECK(others[4].ask(get("/")).status == 200);
}

TEST_CASE("a client that does not take its answer is let go") {
    ServerWorld world;
    world.options.answer_deadline = 1ms;  // nobody takes all of it in that time
    world.routes.add(large());
    world.start();
    RawClient slow = world.client();
    slow.send(get("/large"));
    CHECK(slow.hears_within(20s));
    CHECK_THROWS_WITH(slow.answer(), "the body ends early");
}

TEST_CASE("a client that takes a large answer piece by piece holds up nobody") {
    ServerWorld world;
    world.options.threads = 1;
    world.routes.add(large());
    world.start();
    RawClient client = world.client();
    client.send(get("/large") + get("/"));
    CHECK(client.hears_within(20s));
    CHECK(world.ask(get("/")).status == 200);
    CHECK(client.answer().body == std::string(kLarge, 'x'));
    CHECK(client.answer().body == "hello");
}

TEST_CASE("when there are too many connections, one that is idle ends") {
    ServerWorld world;
    world.options.most_connections = 4;
    world.start();
    std::vector<RawClient> idle;
    for (int i = 0; i < 4; ++i) {
        idle.push_back(world.client());
        CHECK(idle.back().ask(get("/")).status == 200);
    }
    CHECK(world.ask(get("/")).status == 200);
    CHECK(idle[0].rest().empty());
    CHECK(idle[3].ask(get("/")).status == 200);
}
