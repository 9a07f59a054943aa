// SPDX-License-Identifier: Apache-2.0
#include "app/net/http_client.hpp"

#include <doctest/doctest.h>

#include <atomic>

#include "tests/support/stand_in_server.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::test;
using Kind = RemoteError::Kind;
using Manner = StandInAnswer::Manner;

namespace {

constexpr const char* kCredential = "s3cret-t0ken";

ForgeAccess access_to(const std::string& api_url) {
    return {"forge", "kind", api_url, api_url, true, kCredential};
}

HttpRequest get(const std::string& url) {
    return {"GET", url, {{"Authorization", std::string("Bearer ") + kCredential}}, ""};
}

HttpClientOptions quick() {
    HttpClientOptions options;
    options.deadline = std::chrono::milliseconds(400);
    return options;
}

std::string refusal(Kind kind, HttpClient& client, const ForgeAccess& access, const HttpRequest& request) {
    try {
        client.send(access, request);
    } catch (const RemoteError& error) {
        CHECK(error.kind == kind);
        CHECK(std::string(error.what()).find(kCredential) == std::string::npos);
        return error.what();
    }
    return "";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a request and its answer go over the wire as they are") {
    StandInServer server;
    HttpClient client;
    server.answer(
        "POST", "/api/a%2Fb", {{201, "made", {{"Link", "<x?a=%3E>; rel=\"next\""}, {"X", "1"}, {"X", "2"}}}});
    HttpRequest request = get(server.url() + "/api/a%2Fb?ref=%C3%A4");
    request.method = "POST";
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = "{\"a\":1}";
    const HttpResponse answer = client.send(access_to(server.url() + "/api"), request);
    CHECK(answer.status == 201);
    CHECK(answer.body == "made");
    CHECK(header_of(answer, "link") == "<x?a=%3E>; rel=\"next\"");
    CHECK(header_of(answer, "X") == "1");
    const auto seen = server.requests();
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].target == "/api/a%2Fb?ref=%C3%A4");
    CHECK(seen[0].body == "{\"a\":1}");
    CHECK(seen[0].header("Host") == "127.0.0.1:" + std::to_string(server.port()));
    CHECK(seen[0].header("Authorization") == std::string("Bearer ") + kCredential);
    CHECK(seen[0].header("Content-Length") == "7");
    CHECK(seen[0].header("Accept-Encoding") == "identity");
    CHECK_FALSE(seen[0].header("User-Agent").empty());
}

TEST_CASE("answers of every form arrive whole") {
    StandInServer server;
    HttpClient client;
    const auto body_of = [&](const std::string& path) {
        return client.send(access_to(server.url()), get(server.url() + path)).body;
    };
    const std::string large(100'000, 'x');
    server.answer("*", "/chunked", {200, large, {}, Manner::Whole, true});
    server.answer("*", "/sized", {200, large});
    server.answer("*", "/dripped", {200, "abc", {}, Manner::Drip, true});
    const auto raw = [&](const std::string& path, const std::string& text) {
        server.answer("*", path, {200, "", {}, Manner::Whole, false, text});
    };
    raw("/until-end", "HTTP/1.1 200 OK\r\n\r\nto the end");
    raw("/interim", "HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    raw("/trailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\nX: y\r\n\r\n");
    server.answer("*", "/nothing", {204, ""});
    CHECK(body_of("/chunked") == large);
    CHECK(body_of("/sized") == large);
    CHECK(body_of("/dripped") == "abc");
    CHECK(body_of("/until-end") == "to the end");
    CHECK(body_of("/interim") == "ok");
    CHECK(body_of("/trailer") == "ok");
    CHECK(body_of("/nothing").empty());
}

TEST_CASE("a redirect within the origin is followed with method and body where it says so") {
    StandInServer server;
    HttpClient client;
    const auto post = [&] {
        server.forget_requests();
        return client.send(access_to(server.url()),
                           {"POST", server.url() + "/old", {{"Authorization", kCredential}}, "{}"});
    };
    for (const int status : {307, 308}) {
        server.answer("POST", "/old", {status, "", {{"Location", "/renamed"}}});
        server.answer("POST", "/renamed", {status, "", {{"Location", server.url() + "/newest?a=%41"}}});
        server.answer("POST", "/newest", {201, "made"});
        CHECK(post().body == "made");
        const auto seen = server.requests();
        REQUIRE(seen.size() == 3);
        CHECK(seen[2].target == "/newest?a=%41");
        CHECK(seen[2].method == "POST");
        CHECK(seen[2].body == "{}");
        CHECK(seen[2].header("Authorization") == kCredential);
    }
    // These would turn it into a GET.
    for (const int status : {301, 302, 303}) {
        server.answer("POST", "/old", {status, "", {{"Location", "/renamed"}}});
        CHECK(post().status == status);
        CHECK(server.requests().size() == 1);
    }
    server.answer("POST", "/old", {307, "", {{"Location", "/old"}}});
    CHECK(post().status == 307);
    CHECK(server.requests().size() == 4);
}

TEST_CASE("a redirect to another origin is an answer and nobody follows it") {
    StandInServer attacker;
    StandInServer server;
    HttpClient client;
    for (const int status : {301, 302, 303, 307, 308}) {
        server.answer("GET", "/x", {status, "", {{"Location", attacker.url() + "/%41"}}});
        const HttpResponse answer = client.send(access_to(server.url()), get(server.url() + "/x"));
        CHECK(answer.status == status);
        CHECK(header_of(answer, "Location") == attacker.url() + "/%41");
    }
    CHECK(attacker.connections() == 0);
    CHECK(server.requests().size() == 5);
}

TEST_CASE("the credential leaves for the forge's origin only") {
    StandInServer attacker;
    StandInServer forge;
    HttpClient client;
    const ForgeAccess access = access_to(forge.url() + "/api");
    const std::string port = std::to_string(forge.port());
    for (const std::string& url : {attacker.url() + "/api",
                                   attacker.url("localhost") + "/api",
                                   "https://127.0.0.1:" + port + "/api",
                                   "http://localhost:" + port + "/api",
                                   "http://127.0.0.2:" + port + "/api"})
        CHECK(contains(refusal(Kind::GiveUp, client, access, get(url)), "is not the origin of the forge"));
    for (const std::string& url : {forge.url() + "@" + "127.0.0.1:" + std::to_string(attacker.port()) + "/",
                                   "http://u:p@127.0.0.1:" + port + "/",
                                   std::string("file:///etc/passwd"),
                                   std::string("//127.0.0.1/")})
        CHECK(contains(refusal(Kind::GiveUp, client, access, get(url)), "no plain http or https URL"));
    CHECK(contains(refusal(Kind::GiveUp, client, access_to("/srv/git"), get(forge.url())), "not the origin"));
    CHECK(attacker.connections() == 0);
    CHECK(forge.connections() == 0);
}

TEST_CASE("an address of the private network is not even connected to") {
    StandInServer inside;
    HttpClient client;
    ForgeAccess access = access_to(inside.url());
    access.private_network = false;
    CHECK(contains(refusal(Kind::GiveUp, client, access, get(inside.url())),
                   "127.0.0.1 is not on the internet"));
    access.api_url = inside.url("localhost");
    CHECK(contains(refusal(Kind::GiveUp, client, access, get(access.api_url)), "is not on the internet"));
    CHECK(inside.connections() == 0);
}

TEST_CASE("a resolver that changes its answer is asked once, and its first answer is connected to") {
    StandInServer forge({false, {}, false});
    std::atomic<int> asked = 0;
    HttpClientOptions options = quick();
    options.resolve = [&](const std::string& host) -> std::vector<std::string> {
        CHECK(host == "forge.example");
        return {++asked == 1 ? "127.0.0.1" : "192.0.2.1"};
    };
    HttpClient client(options);
    const std::string url = forge.url("forge.example");
    CHECK(client.send(access_to(url), get(url)).status == 404);
    CHECK(asked == 1);
    CHECK(forge.requests().at(0).header("Host") == "forge.example:" + std::to_string(forge.port()));

    // The other way round: public when looked at first, inside when asked again.
    asked = 0;
    options.resolve = [&](const std::string&) -> std::vector<std::string> {
        return {++asked == 1 ? "8.8.8.8" : "127.0.0.1"};
    };
    forge.forget_requests();
    HttpClient rebound(options);
    ForgeAccess access = access_to(url);
    access.private_network = false;
    CHECK_FALSE(refusal(Kind::Retry, rebound, access, get(url)).empty());
    CHECK(asked == 1);
    CHECK(forge.requests().empty());
}

TEST_CASE("a header can't smuggle in another") {
    StandInServer server;
    HttpClient client;
    for (const std::string& value : {std::string("a\r\nX: y"), std::string("a\nb"), std::string("a\0b", 3)}) {
        HttpRequest request = get(server.url());
        request.headers[0].second = std::string(kCredential) + value;
        CHECK(contains(refusal(Kind::GiveUp, client, access_to(server.url()), request),
                       "the value of the header Authorization contains a control character"));
    }
    for (const std::string name : {"", "A B", "A:", "Host", "content-length", "A\r\nB"}) {
        HttpRequest request = get(server.url());
        request.headers.emplace_back(name, "x");
        CHECK(contains(refusal(Kind::GiveUp, client, access_to(server.url()), request), "can't be sent"));
    }
    HttpRequest request = get(server.url());
    request.method = "GET / HTTP/1.1\r\nX:";
    CHECK_FALSE(refusal(Kind::GiveUp, client, access_to(server.url()), request).empty());
    CHECK(server.connections() == 0);
}
