// SPDX-License-Identifier: Apache-2.0
// What a head may and may not say. Each refused request carries a second one behind it, which must never be
// answered.
#include <string>
#include <vector>

#include "tests/contract/app/http/server_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

struct Refused {
    std::string name;
    int status;
    std::string request;
};

const std::string kSmuggled = get("/smuggled");

std::string posted(const std::string& headers) {
    return "POST /echo HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
}

std::vector<Refused> refused_heads() {
    return {
        {"two equal lengths", 400, posted("Content-Length: 5\r\nContent-Length: 5\r\n")},
        {"two different lengths", 400, posted("Content-Length: 0\r\ncontent-length: 44\r\n")},
        {"a list of lengths", 400, posted("Content-Length: 5, 5\r\n")},
        {"a signed length", 400, posted("Content-Length: +5\r\n")},
        {"a negative length", 400, posted("Content-Length: -1\r\n")},
        {"a hexadecimal length", 400, posted("Content-Length: 0x5\r\n")},
        {"an empty length", 400, posted("Content-Length:\r\n")},
        {"a length with a space inside", 400, posted("Content-Length: 1 0\r\n")},
        {"a length that no number holds", 413, posted("Content-Length: 99999999999999999999999\r\n")},
        {"length and chunked", 400, posted("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")},
        {"chunked and length", 400, posted("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")},
        {"chunked twice", 400, posted("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
        {"another coding", 501, posted("Transfer-Encoding: gzip, chunked\r\n")},
        {"nearly chunked", 501, posted("Transfer-Encoding: xchunked\r\n")},
        {"identity", 501, posted("Transfer-Encoding: identity\r\n")},
        {"a space before the colon", 400, posted("Transfer-Encoding : chunked\r\n")},
        {"a folded line", 400, posted("X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\n")},
        {"a line without a name", 400, posted(": x\r\nContent-Length: 0\r\n")},
        {"a line without a colon", 400, posted("Content-Length 0\r\n")},
        {"a NUL in a value", 400, posted(std::string("X-A: a\0b\r\nContent-Length: 0\r\n", 29))},
        {"a bare CR in a value", 400, posted("X-A: a\rX-B: b\r\nContent-Length: 0\r\n")},
        {"a bare LF in a value", 400, posted("X-A: a\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n")},
        {"bare line ends only", 400, "GET / HTTP/1.1\nHost: x\n\n"},
        {"no host", 400, "GET / HTTP/1.1\r\n\r\n"},
        {"two hosts", 400, "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"},
        {"chunked in HTTP/1.0", 400, "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
        {"another version", 505, "GET / HTTP/2.0\r\nHost: x\r\n\r\n"},
        {"no version", 400, "GET /\r\nHost: x\r\n\r\n"},
        {"two spaces", 400, "GET  / HTTP/1.1\r\nHost: x\r\n\r\n"},
        {"no method", 400, " / HTTP/1.1\r\nHost: x\r\n\r\n"},
        {"a TLS handshake", 400, "\x16\x03\x01\x02\r\n\r\n"},
        {"neither length nor chunked", 411, posted("")},
        {"a compressed body", 415, posted("Content-Encoding: gzip\r\nContent-Length: 9\r\n")},
        {"an unknown expectation", 417, posted("Expect: wonders\r\nContent-Length: 9\r\n")},
        {"half an escape", 400, get("/names/%4")},
        {"an escape that is none", 400, get("/names/%zz")},
        {"an escaped NUL", 400, get("/names/a%00b")},
        {"an escape that is no UTF-8", 400, get("/names/%ff")},
        {"a query that is no UTF-8", 400, get("/?a=%c3%28")},
        {"a fragment", 400, get("/#top")},
        {"raw bytes in the URL", 400, get("/names/\xc3\xa4")},
        {"a URL without a path", 400, get("names")},
        {"a scheme and no more", 400, get("http")},
        {"a scheme and a colon", 400, get("https:")},
        {"an authority", 400, "CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n"},
    };
}

}  // namespace

TEST_CASE("an ambiguous or malformed head is refused, and nothing behind it is a request") {
    ServerWorld world;
    world.start();
    for (const Refused& each : refused_heads()) {
        INFO(each.name);
        RawClient client = world.client();
        client.send(each.request + kSmuggled);
        const RawAnswer answer = client.answer();
        CHECK(answer.status == each.status);
        CHECK(answer.header("Connection") == "close");
        CHECK(answer.body.size() > 10);
        CHECK(client.rest().empty());
    }
    CHECK(world.smuggled == 0);
    CHECK(world.greetings == 0);
}

TEST_CASE("header values come raw and in order, and name nobody but who sent them") {
    ServerWorld world;
    ServerRequest seen;
    world.routes.add(Route{"GET", "/seen", [&](const auto& request) {
                               seen = request;
                               return ServerWorld::text("ok");
                           }});
    world.start();
    const std::string headers =
        "X-Token: ab%41%0d%0aX: y\r\nREMOTE_ADDR: 192.0.2.9\r\nX-Empty:\r\nx-token:  second \t\r\nX-Bytes: "
        "\xff\r\n"
        "Cookie: a=1; session=abc; b=2\r\n";
    CHECK(world.ask(get("/seen?q=a+b%2Bc&q=2&flag&=x&&", headers)).status == 200);
    const std::vector<std::pair<std::string, std::string>> expected{{"Host", "x"},
                                                                    {"X-Token", "ab%41%0d%0aX: y"},
                                                                    {"REMOTE_ADDR", "192.0.2.9"},
                                                                    {"X-Empty", ""},
                                                                    {"x-token", "second"},
                                                                    {"X-Bytes", "\xff"},
                                                                    {"Cookie", "a=1; session=abc; b=2"}};
    CHECK(seen.headers == expected);
    CHECK(seen.header("X-TOKEN") == "ab%41%0d%0aX: y");
    CHECK(seen.header("X-None").empty());
    CHECK(seen.remote_address == "127.0.0.1");
    CHECK(seen.parameter("q") == "a b+c");
    CHECK(seen.parameter("flag") == "");
    CHECK_FALSE(seen.parameter("none"));
    CHECK(seen.cookie("session") == "abc");
    CHECK(seen.cookie("c").empty());
}

TEST_CASE("a path is taken apart before it is decoded") {
    ServerWorld world;
    world.start();
    CHECK(world.ask(get("/names/a%2Fb+c")).body == "a/b+c");
    CHECK(world.ask(get("/names/%c3%a4")).body == "\xc3\xa4");
    CHECK(world.ask(get("/names/a/b")).status == 404);
    CHECK(world.ask(get("/names/")).status == 404);
    CHECK(world.ask(get("/%6eames/a")).status == 200);
    CHECK(world.ask(get("http://elsewhere.example/names/a")).body == "a");
    CHECK(world.ask(get("HTTP://elsewhere.example")).body == "hello");
    CHECK(world.ask(get("/" + std::string(8000, 'a'))).status == 404);
    CHECK(world.ask(get("/" + std::string(9000, 'a'))).status == 414);
    CHECK(world.ask(get("/" + std::string(70'000, 'a'))).status == 414);
}

TEST_CASE("a head has at most 64 KiB and 256 headers") {
    ServerWorld world;
    world.start();
    const auto with = [](int count, int size) {
        std::string headers;
        for (int i = 0; i < count; ++i)
            headers += "X-" + std::to_string(i) + ": " + std::string(size, 'x') + "\r\n";
        return get("/", headers);
    };
    CHECK(world.ask(with(100, 500)).status == 200);
    CHECK(world.ask(with(100, 700)).status == 431);
    CHECK(world.ask(with(255, 1)).status == 200);
    CHECK(world.ask(with(256, 1)).status == 431);
    CHECK(world.ask(with(1, 60'000)).status == 200);
}

TEST_CASE("80 MB of headers are cut off") {
    ServerWorld world;
    world.start();
    RawClient client = world.client();
    client.send("GET / HTTP/1.1\r\nHost: x\r\n");
    const std::string line = "X-Long: " + std::string(1 << 20, 'x') + "\r\n";
    int sent = 0;
    while (sent < 80 && client.send(line)) ++sent;
    CHECK(sent < 80);
    CHECK(client.answer().status == 431);
    CHECK(world.ask(get("/")).status == 200);
}

TEST_CASE("empty lines in front of a request are passed over") {
    ServerWorld world;
    world.start();
    CHECK(world.ask("\r\n" + get("/")).status == 200);
    CHECK(world.ask("\r\n\r\n\r\n" + get("/")).status == 200);
    CHECK(world.ask(std::string(70'000, '\r')).status == 414);
}
