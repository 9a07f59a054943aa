// SPDX-License-Identifier: Apache-2.0
// What other tests trust the stand-in for, seen by a client that knows nothing of HTTP.
#include "tests/support/stand_in_server.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

using namespace heddle::test;
using Manner = StandInAnswer::Manner;

namespace {

/// Sends `text` to the server and returns all that comes back until the server ends the connection.
std::string talk(const StandInServer& server, const std::string& text) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(server.port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("connect");
    if (send(socket, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size()))
        throw std::runtime_error("send");
    std::string answer;
    char bytes[4096];
    for (ssize_t got = 0; (got = recv(socket, bytes, sizeof bytes, 0)) > 0;)
        answer.append(bytes, static_cast<std::size_t>(got));
    close(socket);
    return answer;
}

}  // namespace

TEST_CASE("the stand-in answers as told and remembers what it was asked, raw") {
    StandInServer server;
    server.answer("POST", "/a%2Fb", {{201, "made", {{"X-Kind", "first"}}}, {409, "there", {}}});
    const std::string post =
        "POST /a%2Fb?x=%3E HTTP/1.1\r\nX-Token: a%41 b\r\nContent-Length: 4\r\n\r\nbody"
        "POST /a%2Fb HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        "GET /other HTTP/1.1\r\nConnection: close\r\n\r\n";
    const std::string answers = talk(server, post);
    CHECK(answers ==
          "HTTP/1.1 201 Stand-in\r\nX-Kind: first\r\nContent-Length: 4\r\n\r\nmade"
          "HTTP/1.1 409 Stand-in\r\nContent-Length: 5\r\n\r\nthere"
          "HTTP/1.1 404 Stand-in\r\nContent-Length: 9\r\n\r\nnot told\n");
    REQUIRE(server.wait_for_requests(3));
    const auto requests = server.requests();
    CHECK(requests[0].path() == "/a%2Fb");
    CHECK(requests[0].query() == "x=%3E");
    CHECK(requests[0].header("x-token") == "a%41 b");
    CHECK(requests[0].body == "body");
    CHECK(requests[1].body == "abc");
    CHECK(server.connections() == 1);
}

TEST_CASE("the stand-in can drip, cut, vanish and send anything") {
    StandInServer server;
    const std::string get = " HTTP/1.1\r\nConnection: close\r\n\r\n";
    server.answer("*", "/drip", {200, "ab", {}, Manner::Drip});
    server.answer("*", "/cut", {200, "abcd", {}, Manner::Cut});
    server.answer("*", "/vanish", {200, "", {}, Manner::Vanish});
    server.answer("*", "/chunked", {200, std::string(1001, 'x'), {}, Manner::Whole, true});
    server.answer("*", "/raw", {200, "", {}, Manner::Whole, false, "no HTTP at all"});
    CHECK(talk(server, "GET /drip" + get).ends_with("\r\n\r\nab"));
    CHECK(talk(server, "GET /cut" + get).ends_with("Content-Length: 4\r\n\r\nab"));
    CHECK(talk(server, "GET /vanish" + get).empty());
    CHECK(talk(server, "GET /chunked" + get).ends_with("x\r\n1\r\nx\r\n0\r\n\r\n"));
    CHECK(talk(server, "GET /raw" + get) == "no HTTP at all");
    CHECK(talk(server, "HEAD /drip" + get).ends_with("\r\n\r\n"));
}

TEST_CASE("a stand-in that hangs lets go when it ends") {
    auto server = std::make_unique<StandInServer>([](const StandInRequest&) {
        return StandInAnswer{200, "", {}, Manner::Hang};
    });
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(server->port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(send(socket, "GET / HTTP/1.1\r\n\r\n", 18, MSG_NOSIGNAL) == 18);
    REQUIRE(server->wait_for_requests(1));
    char byte = 0;
    CHECK(recv(socket, &byte, 1, MSG_DONTWAIT) < 0);
    server.reset();
    CHECK(recv(socket, &byte, 1, 0) <= 0);
    close(socket);
}
