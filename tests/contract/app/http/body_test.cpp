// SPDX-License-Identifier: Apache-2.0
// Bodies by length and in chunks: limits, and what follows them.
#include <future>
#include <string>
#include <vector>

#include "tests/contract/app/http/server_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

const std::string kChunked = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string in_chunks(const std::string& body, std::size_t size) {
    std::string out = kChunked;
    for (std::size_t at = 0; at < body.size(); at += size) {
        const std::string piece = body.substr(at, size);
        char length[32];
        std::snprintf(length, sizeof length, "%zx\r\n", piece.size());
        out += length + piece + "\r\n";
    }
    return out + "0\r\n\r\n";
}

}  // namespace

TEST_CASE("a body comes whole, in one piece or in many") {
    ServerWorld world;
    world.start();
    std::string body;
    for (int i = 0; i < 10'000; ++i) body += std::to_string(i);
    CHECK(world.ask(post("/echo", body)).body == body);
    CHECK(world.ask(post("/echo", "")).status == 200);
    CHECK(world.ask(in_chunks(body, 1000)).body == body);
    CHECK(world.ask(in_chunks(body, 30'000)).body == body);
    CHECK(world.ask(in_chunks(body.substr(0, 1000), 1)).body == body.substr(0, 1000));
    CHECK(world.ask(in_chunks("", 1)).status == 200);
    RawClient client = world.client();
    const std::string request = post("/echo", body);
    for (std::size_t at = 0; at < request.size(); at += 997)
        client.send(std::string_view(request).substr(at, 997));
    CHECK(client.answer().body == body);
}

TEST_CASE("a connection goes on behind a body that was read whole") {
    ServerWorld world;
    world.start();
    RawClient client = world.client();
    client.send(post("/echo", "one") + in_chunks("two", 2) + post("/echo", "three") + get("/"));
    CHECK(client.answer().body == "one");
    CHECK(client.answer().body == "two");
    CHECK(client.answer().body == "three");
    CHECK(client.answer().body == "hello");
    CHECK(client.ask(get("/names/four")).body == "four");
}

TEST_CASE("a body over the limit of its route is refused from its length, unread") {
    ServerWorld world;
    world.start();
    RawClient client = world.client();
    CHECK(client.ask(post("/echo", std::string(64 * 1024, 'x'))).status == 200);
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n");
    const RawAnswer answer = client.answer();  // nothing of the body was sent
    CHECK(answer.status == 413);
    CHECK(answer.header("Connection") == "close");
    CHECK(client.rest().empty());
}

TEST_CASE("a client that sends on sees why it was refused") {
    ServerWorld world;
    world.start();
    RawClient client = world.client();
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n");
    CHECK(client.send(std::string(3'000'000, 'x')));
    CHECK(client.answer().status == 413);
}

TEST_CASE("an endless chunked body is cut off") {
    ServerWorld world;
    world.start();
    RawClient client = world.client();
    client.send(kChunked);
    const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
    int sent = 0;
    while (sent < 1000 && client.send(chunk)) ++sent;
    CHECK(sent < 1000);
    CHECK(client.answer().status == 413);
}

TEST_CASE("endless framing of a chunked body is cut off") {
    ServerWorld world;
    world.start();
    const auto endless = [&](const std::string& begin, const std::string& piece) {
        RawClient client = world.client();
        client.send(kChunked + begin);
        std::string many;
        while (many.size() < 100'000) many += piece;
        int sent = 0;
        while (sent < 1000 && client.send(many)) ++sent;
        CHECK(sent < 1000);
        return client.answer().status;
    };
    CHECK(endless("", "1\r\nx\r\n") == 413);
    CHECK(endless("0\r\n", "X-Trailer: x\r\n") == 413);
    CHECK(endless("5;", "extension") == 400);
    CHECK(endless("", "0") == 400);
}

TEST_CASE("a malformed chunk is refused, and nothing behind it is a request") {
    ServerWorld world;
    world.start();
    const std::vector<std::string> bodies{"-2\r\nxx\r\n",
                                          "+2\r\nxx\r\n",
                                          "0x2\r\nxx\r\n",
                                          "\r\nxx\r\n",
                                          "zz\r\nxx\r\n",
                                          "2 2\r\nxx\r\n",
                                          "2\r\nxxx\r\n",
                                          "2\r\nxx0\r\n\r\n"};
    for (const std::string& body : bodies) {
        INFO(body);
        RawClient client = world.client();
        client.send(kChunked + body + "0\r\n\r\n" + get("/smuggled"));
        CHECK(client.answer().status == 400);
        CHECK(client.rest().empty());
    }
    RawClient client = world.client();
    client.send(kChunked + "ffffffffffffffffff\r\n" + get("/smuggled"));
    CHECK(client.answer().status == 413);
    CHECK(world.smuggled == 0);
}

TEST_CASE("trailers and extensions of chunks are passed over") {
    ServerWorld world;
    world.start();
    RawClient client = world.client();
    client.send(kChunked + "3;a=\"b\"\r\nabc\r\n0;last\r\nX-Trailer: x\r\n\r\n" + get("/"));
    CHECK(client.answer().body == "abc");
    CHECK(client.answer().body == "hello");
}

TEST_CASE("an unread body is never taken for the next request") {
    ServerWorld world;
    world.routes.add(Route{.method = "POST",
                           .path = "/guarded",
                           .answer = [](const auto&) { return ServerWorld::text("in"); },
                           .before_body = [](const ServerRequest& request) -> std::optional<ServerResponse> {
                               CHECK(request.body.empty());
                               if (request.parameter("key") == "right") return std::nullopt;
                               ServerResponse refused;
                               refused.status = 403;
                               return refused;
                           }});
    world.start();
    for (const std::string target : {"/guarded?key=wrong", "/nothing", "/"}) {
        INFO(target);
        RawClient client = world.client();
        client.send(post(target, get("/smuggled")));
        const RawAnswer answer = client.answer();
        CHECK(answer.status == (target == "/" ? 405 : target == "/nothing" ? 404 : 403));
        CHECK(client.rest().empty());
    }
    CHECK(world.smuggled == 0);
    RawClient client = world.client();
    CHECK(client.ask(post("/guarded?key=wrong", "")).status == 403);  // nothing was left unread
    CHECK(client.ask(post("/guarded?key=right", "x")).body == "in");
}

TEST_CASE("a client that waits to be asked for its body is asked, unless it is refused") {
    ServerWorld world;
    world.start();
    RawClient client = world.client();
    const auto head = [](const std::string& target) {
        return "POST " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
    };
    client.send(head("/echo"));
    CHECK(client.answer().status == 100);
    CHECK(client.ask("abc").body == "abc");
    CHECK(client.ask(head("/nothing")).status == 404);
}

TEST_CASE("all bodies together have a budget") {
    ServerWorld world;
    world.options.most_bodies = 100'000;
    std::promise<void> held;
    std::promise<void> released;
    const auto hold = [&](const ServerRequest& request) {
        held.set_value();
        released.get_future().wait();
        return ServerWorld::text(request.body);
    };
    world.routes.add(Route{"POST", "/held", hold});
    world.start();
    const std::string body(60'000, 'x');
    RawClient first = world.client();
    first.send(post("/held", body));
    held.get_future().wait();
    CHECK(world.ask(post("/echo", body)).status == 503);
    CHECK(world.ask(in_chunks(body, 5000)).status == 503);
    CHECK(world.ask(get("/")).status == 200);
    released.set_value();
    CHECK(first.answer().body == body);
    CHECK(world.ask(post("/echo", body)).status == 200);
    CHECK(world.ask(in_chunks(body, 5000)).status == 200);
}
