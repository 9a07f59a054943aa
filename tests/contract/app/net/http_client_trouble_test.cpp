// SPDX-License-Identifier: Apache-2.0
// Servers that are slow, broken, too generous, or somebody else.
#include <doctest/doctest.h>

#include <chrono>

#include "app/net/http_client.hpp"
#include "tests/support/stand_in_server.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::test;
using Kind = RemoteError::Kind;
using Manner = StandInAnswer::Manner;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto kDeadline = std::chrono::milliseconds(400);

struct TroubleWorld {
    HttpClientOptions options;

    TroubleWorld() { options.deadline = kDeadline; }

    /// The sentence of the refusal; "" for an answer.
    std::string ask(const std::string& url, Kind kind = Kind::Retry) {
        HttpClient client(options);
        try {
            client.send({"forge", "kind", url, url, true, "s3cret"},
                        {"GET", url + "/x", {{"Authorization", "token s3cret"}}, ""});
        } catch (const RemoteError& error) {
            CHECK(error.kind == kind);
            const std::string text = error.what();
            CHECK(text.find("s3cret") == std::string::npos);
            CHECK(text.starts_with("ask " + url + ": "));
            return text;
        }
        return "";
    }
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

StandInServer::Options with_tls(std::vector<std::string> names = {"localhost", "127.0.0.1"}) {
    return {true, std::move(names), false};
}

}  // namespace

TEST_CASE("one deadline holds for everything, however slowly the far side goes on") {
    TroubleWorld w;
    const auto begun = Clock::now();
    StandInServer server;
    const std::string text(5000, 'x');
    server.answer("*", "/x", {200, text, {}, Manner::Drip});
    CHECK(contains(w.ask(server.url()), "no whole answer within the time allowed"));
    server.answer("*", "/x", {200, text, {}, Manner::Drip, true});
    CHECK(contains(w.ask(server.url()), "no whole answer"));
    server.answer("*", "/x", {200, text, {}, Manner::Hang});
    CHECK(contains(w.ask(server.url()), "no whole answer"));
    server.answer("*", "/x", {200, text, {}, Manner::HangBody});
    CHECK(contains(w.ask(server.url()), "no whole answer"));
    StandInServer mute({true, {"127.0.0.1"}, true});
    w.options.ca_file = mute.ca_file();
    CHECK(contains(w.ask(mute.url()), "no connection within the time allowed"));
    CHECK(Clock::now() - begun < 5 * kDeadline + std::chrono::seconds(5));
}

TEST_CASE("an answer that is not whole is none") {
    TroubleWorld w;
    StandInServer server;
    server.answer("*", "/x", {200, "abcd", {}, Manner::Cut});
    CHECK(contains(w.ask(server.url()), "ended before the answer was whole"));
    server.answer("*", "/x", {200, std::string(5000, 'x'), {}, Manner::Cut, true});
    CHECK(contains(w.ask(server.url()), "ended before the answer was whole"));
    server.answer("*", "/x", {200, "", {}, Manner::Vanish});
    CHECK(contains(w.ask(server.url()), "ended before the answer was whole"));
    int port = 0;
    {
        const StandInServer gone;
        port = gone.port();
    }
    CHECK(contains(w.ask("http://127.0.0.1:" + std::to_string(port)),
                   "can't connect to its address 127.0.0.1"));
}

TEST_CASE("what is no HTTP, or contradicts itself, is told") {
    TroubleWorld w;
    StandInServer server;
    const auto raw = [&](const std::string& text) {
        server.answer("*", "/x", {200, "", {}, Manner::Whole, false, text});
        return w.ask(server.url());
    };
    CHECK(contains(raw("220 smtp.example ESMTP\r\n\r\n"), "is no HTTP"));
    CHECK(contains(raw(std::string(200'000, 'x')), "is no HTTP"));
    CHECK(contains(raw("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
                   "contradicts itself"));
    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    CHECK(contains(raw(chunked + "x\r\n"), "chunks are broken"));
    CHECK(contains(raw(chunked + "-2\r\nxx\r\n0\r\n\r\n"), "chunks are broken"));
    CHECK(contains(raw(chunked + "1\r\nxx\r\n0\r\n\r\n"), "chunks are broken"));
    std::string interim;
    for (int i = 0; i < 10'000; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
    CHECK(contains(raw(interim), "is no HTTP"));
}

TEST_CASE("an answer has a limit, and is never unpacked") {
    TroubleWorld w;
    w.options.most_bytes = 1000;
    w.options.deadline = std::chrono::seconds(10);
    StandInServer server;
    server.answer("*", "/x", {200, std::string(1000, 'x')});
    CHECK(w.ask(server.url()).empty());
    server.answer("*", "/x", {200, std::string(1001, 'x')});
    CHECK(contains(w.ask(server.url(), Kind::GiveUp), "more than 1000 bytes"));
    server.answer("*", "/x", {200, std::string(1'000'000, 'x'), {}, Manner::Whole, true});
    CHECK(contains(w.ask(server.url(), Kind::GiveUp), "more than 1000 bytes"));
    server.answer(
        "*", "/x", {200, "", {}, Manner::Whole, false, "HTTP/1.1 200 OK\r\n\r\n" + std::string(9999, 'x')});
    CHECK(contains(w.ask(server.url(), Kind::GiveUp), "more than 1000 bytes"));
    server.answer("*", "/x", {200, "\x1f\x8b", {{"Content-Encoding", "gzip"}}});
    CHECK(contains(w.ask(server.url(), Kind::GiveUp), "compressed"));
    std::string headers = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 10'000; ++i) headers += "X-" + std::to_string(i) + ": y\r\n";
    server.answer("*", "/x", {200, "", {}, Manner::Whole, false, headers + "\r\n"});
    CHECK(contains(w.ask(server.url()), "is no HTTP"));
}

TEST_CASE("a certificate must be good, and good for the name") {
    TroubleWorld w;
    w.options.deadline = std::chrono::seconds(10);
    w.options.resolve = [](const std::string&) { return std::vector<std::string>{"127.0.0.1"}; };
    StandInServer server(with_tls({"forge.example", "*.wild.example", "127.0.0.1"}));
    w.options.ca_file = server.ca_file();
    for (const char* host : {"forge.example", "a.wild.example", "127.0.0.1"})
        CHECK(w.ask(server.url(host)).empty());
    const std::size_t good = server.requests().size();
    CHECK(good == 3);
    for (const char* host :
         {"evil.example", "a.b.wild.example", "wild.example", "forge.example.evil.example"})
        CHECK(contains(w.ask(server.url(host)), "its certificate is not accepted (hostname mismatch)"));
    w.options.ca_file.clear();
    CHECK(contains(w.ask(server.url("forge.example")), "its certificate is not accepted"));
    const StandInServer other(with_tls());
    w.options.ca_file = other.ca_file();
    CHECK(contains(w.ask(server.url("forge.example")), "its certificate is not accepted"));
    CHECK(server.requests().size() == good);
    StandInServer numeric(with_tls({"localhost"}));
    w.options.ca_file = numeric.ca_file();
    CHECK(contains(w.ask(numeric.url("127.0.0.1")), "IP address mismatch"));
}

TEST_CASE("https is never tried without TLS") {
    TroubleWorld w;
    StandInServer plain;
    CHECK_FALSE(w.ask("https://127.0.0.1:" + std::to_string(plain.port())).empty());
    CHECK(plain.requests().empty());
}

TEST_CASE("a TLS connection that is cut is not taken for the end of an answer") {
    TroubleWorld w;
    StandInServer server(with_tls());
    w.options.ca_file = server.ca_file();
    server.answer("*", "/x", {200, "", {}, Manner::Whole, false, "HTTP/1.1 200 OK\r\n\r\nhalf of it"});
    CHECK(contains(w.ask(server.url()), "ended before the answer was whole"));
}
