// SPDX-License-Identifier: Apache-2.0
#include "app/forges/url_source.hpp"

#include <doctest/doctest.h>

#include "app/net/http_client.hpp"
#include "tests/support/stand_in_server.hpp"
#include "workflows/model/remote_error.hpp"

using namespace heddle;
using namespace heddle::test;
using Kind = RemoteError::Kind;

namespace {

struct UrlWorld {
    StandInServer server;
    HttpClient client;
    ForgeAccess access{"src", "kind", "https://forge.example", server.url() + "/api", true, "s3cret"};

    std::optional<std::string> read(const std::string& url) {
        return UrlSource(client, url).read({}, ".obs/workflows.yml", access);
    }
    std::string refusal(Kind kind, const std::string& url) {
        try {
            read(url);
        } catch (const RemoteError& error) {
            CHECK(error.kind == kind);
            CHECK(std::string(error.what()).find("hidden") == std::string::npos);
            return error.what();
        }
        return "";
    }
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the token's URL is downloaded without the forge's credential") {
    UrlWorld w;
    w.server.answer("GET", "/hidden/w.yml", {200, "a: {}\n"});
    CHECK(w.read(w.server.url() + "/hidden/w.yml?sig=%2F") == "a: {}\n");
    const auto requests = w.server.requests();
    REQUIRE(requests.size() == 1);
    CHECK(requests[0].target == "/hidden/w.yml?sig=%2F");
    for (const auto& [name, value] : requests[0].headers) CHECK_FALSE(contains(value, "s3cret"));
    for (const int status : {404, 410}) {
        w.server.answer("GET", "/hidden/w.yml", {status, ""});
        CHECK(w.read(w.server.url() + "/hidden/w.yml") == std::nullopt);
    }
}

TEST_CASE("the token's URL may not lead inside, elsewhere, or to a large file") {
    UrlWorld w;
    StandInServer other;
    const std::string url = w.server.url() + "/hidden";
    w.server.answer("GET", "/hidden", {302, "", {{"Location", other.url() + "/hidden"}}});
    CHECK(contains(w.refusal(Kind::GiveUp, url), "a redirect, which is not followed: " + other.url()));
    w.server.answer("GET", "/hidden", {200, std::string(128 * 1024 + 1, '#')});
    CHECK(contains(w.refusal(Kind::GiveUp, url), "more than the 131072 allowed"));
    w.server.answer("GET", "/hidden", {500, ""});
    CHECK_FALSE(w.refusal(Kind::Retry, url).empty());
    for (const char* bad :
         {"file:///etc/passwd", "/etc/passwd", "ftp://a.example/hidden", "http://u:hidden@a.example/", ""})
        CHECK(contains(w.refusal(Kind::GiveUp, bad), "no plain http or https URL"));
    // What the forge's address may, no other place of the private network may.
    CHECK(contains(w.refusal(Kind::GiveUp, other.url() + "/hidden"), "is not on the internet"));
    w.access.private_network = false;
    const std::size_t before = w.server.connections();
    CHECK(contains(w.refusal(Kind::GiveUp, url), "is not on the internet"));
    CHECK(w.server.connections() == before);
    CHECK(other.connections() == 0);
}
