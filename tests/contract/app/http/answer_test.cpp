// SPDX-License-Identifier: Apache-2.0
// Methods, what goes out, and exceptions.
#include <stdexcept>
#include <string>

#include "tests/contract/app/http/server_world.hpp"

using namespace heddle;
using namespace heddle::test;

TEST_CASE("methods: HEAD by GET, OPTIONS and 405 with Allow, 404") {
    ServerWorld world;
    world.routes.add(Route{"POST", "/", [](const auto&) { return ServerWorld::text("posted"); }});
    world.start();
    RawClient client = world.client();
    client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    const RawAnswer head = client.answer(true);
    CHECK(head.status == 200);
    CHECK(head.header("Content-Length") == "5");
    const RawAnswer options = client.ask("OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(options.status == 204);
    CHECK(options.header("Allow") == "GET, HEAD, POST, OPTIONS");
    CHECK(options.header("Content-Length").empty());
    for (const std::string method : {"DELETE", "TRACE", "BREW"}) {
        const RawAnswer answer = client.ask(method + " /echo HTTP/1.1\r\nHost: x\r\n\r\n");
        CHECK(answer.status == 405);
        CHECK(answer.header("Allow") == "POST, OPTIONS");
    }
    CHECK(client.ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").status == 204);
    CHECK(client.ask("GET * HTTP/1.1\r\nHost: x\r\n\r\n").status == 404);
    CHECK(client.ask("OPTIONS /nothing HTTP/1.1\r\nHost: x\r\n\r\n").status == 404);
    CHECK(client.ask(get("/nothing")).status == 404);
    client.send("HEAD /nothing HTTP/1.1\r\nHost: x\r\n\r\n" + get("/"));
    CHECK(client.answer(true).status == 404);
    CHECK(client.answer().body == "hello");  // all of it on one connection
}

TEST_CASE("an answer says what it is, and nothing that its maker was told by a stranger gets into its head") {
    CapturedLog log;
    ServerWorld world;
    const auto with = [](const std::string& name, const std::string& value) {
        return [=](const ServerRequest&) {
            ServerResponse response;
            response.headers.emplace_back(name, value);
            return response;
        };
    };
    world.routes.add(Route{"GET", "/good", with("Location", "/runs/1")});
    world.routes.add(Route{"GET", "/split", with("Location", "/\r\nSet-Cookie: a=b")});
    world.routes.add(Route{"GET", "/name", with("X: y\r\nZ", "b")});
    world.routes.add(Route{"GET", "/length", with("content-length", "7")});
    world.start();
    const RawAnswer good = world.ask(get("/good"));
    CHECK(good.head.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(good.header("Location") == "/runs/1");
    CHECK(good.header("Content-Type") == "text/plain; charset=utf-8");
    CHECK(good.header("Date").ends_with(" GMT"));
    CHECK(good.header("Date").size() == 29);
    CHECK(good.header("Connection").empty());
    for (const std::string target : {"/split", "/name", "/length"}) {
        const RawAnswer answer = world.ask(get(target));
        CHECK(answer.status == 500);
        CHECK(answer.header("Set-Cookie").empty());
    }
}

TEST_CASE("an exception is answered by a neutral sentence and logged once with method and path") {
    CapturedLog log;
    ServerWorld world;
    const auto boom = [](const ServerRequest&) -> ServerResponse { throw std::runtime_error("secret\nfoo"); };
    world.routes.add(Route{"GET", "/boom/{where}", boom});
    world.routes.add(Route{.method = "POST",
                           .path = "/early",
                           .answer = boom,
                           .before_body = [](const ServerRequest&) -> std::optional<ServerResponse> {
                               throw std::logic_error("early");
                           }});
    world.start();
    RawClient client = world.client();
    const RawAnswer answer = client.ask(get("/boom/a%0ab"));
    CHECK(answer.status == 500);
    CHECK(answer.head.find("secret") == std::string::npos);
    CHECK(answer.body == "Something went wrong here; the cause stands in the log.\n");
    CHECK(client.ask(get("/")).status == 200);
    CHECK(client.ask(post("/early", get("/smuggled"))).status == 500);
    CHECK(client.rest().empty());
    CHECK(log.text() == "error GET /boom/a b: secret foo\nerror POST /early: early\n");
}

TEST_CASE("an endpoint words what the server refuses") {
    CapturedLog log;
    ServerWorld world;
    world.routes.add(Route{.method = "POST",
                           .path = "/worded",
                           .answer = [](const auto&) -> ServerResponse { throw std::runtime_error("why"); },
                           .most_body = 10,
                           .refusal =
                               [](const ServerRequest& request, int status, const std::string& sentence) {
                                   ServerResponse response;
                                   response.status = status;
                                   response.content_type = "text/x-refusal";
                                   response.body = request.header("Accept") + ": " + sentence;
                                   return response;
                               }});
    world.start();
    const auto asked = [&](const std::string& body, const std::string& headers) {
        const RawAnswer answer = world.ask(post("/worded", body, "Accept: y\r\n" + headers));
        CHECK(answer.header("Content-Type") == "text/x-refusal");
        CHECK(answer.body.starts_with("y: "));
        return answer.status;
    };
    CHECK(asked("12345678901", "") == 413);
    CHECK(asked("1", "Content-Encoding: gzip\r\n") == 415);
    CHECK(asked("1", "") == 500);
}

TEST_CASE("HTTP/1.0 and Connection: close end the connection") {
    ServerWorld world;
    world.start();
    for (const std::string& request :
         {std::string("GET / HTTP/1.0\r\n\r\n"), get("/", "Connection: x, Close\r\n")}) {
        RawClient client = world.client();
        const RawAnswer answer = client.ask(request);
        CHECK(answer.body == "hello");
        CHECK(answer.header("Connection") == "close");
        CHECK(client.rest().empty());
    }
}

TEST_CASE("a client that sends its last request and stops sending is answered") {
    ServerWorld world;
    world.start();
    RawClient client = world.client();
    client.send(post("/echo", "last"));
    client.end_sending();
    CHECK(client.answer().body == "last");
    CHECK(client.rest().empty());
}
