// SPDX-License-Identifier: Apache-2.0
#include "app/net/address_guard.hpp"

#include <doctest/doctest.h>

#include "workflows/model/remote_error.hpp"

using namespace heddle;

namespace {

bool is_public(const std::string& text) { return is_public_address(*numeric_address(text, 443)); }

std::vector<NetAddress> resolve(const std::string& host,
                                bool private_network,
                                const std::vector<std::string>& answer) {
    const auto soon = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    return resolve_checked(
        host, 443, private_network, [&](const std::string&) { return answer; }, soon, "ask it");
}

std::string refusal(RemoteError::Kind kind, const std::string& host, const std::vector<std::string>& answer) {
    try {
        resolve(host, false, answer);
    } catch (const RemoteError& error) {
        CHECK(error.kind == kind);
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("only addresses of the internet are public") {
    for (const char* text : {"1.1.1.1",
                             "9.255.255.255",
                             "11.0.0.0",
                             "100.63.255.255",
                             "100.128.0.0",
                             "126.255.255.255",
                             "128.0.0.0",
                             "169.253.255.255",
                             "172.15.255.255",
                             "172.32.0.0",
                             "192.167.255.255",
                             "192.169.0.0",
                             "198.17.255.255",
                             "198.20.0.0",
                             "223.255.255.255",
                             "2606:4700::1111",
                             "2a01:4f8::1",
                             "64:ff9b::101:101"})
        CHECK_MESSAGE(is_public(text), text);
    for (const char* text :
         {"0.0.0.0",      "10.0.0.1",        "100.64.0.1",      "100.127.255.255", "127.0.0.1",
          "127.8.8.8",    "169.254.169.254", "172.16.0.1",      "172.31.255.255",  "192.0.0.1",
          "192.0.2.1",    "192.168.1.1",     "198.18.0.1",      "198.51.100.1",    "203.0.113.1",
          "224.0.0.1",    "239.255.255.255", "240.0.0.1",       "255.255.255.255", "::",
          "::1",          "::ffff:1.1.1.1",  "::ffff:10.0.0.1", "::127.0.0.1",     "64:ff9b::a00:1",
          "64:ff9b:1::1", "fc00::1",         "fd12:3456::1",    "fe80::1",         "fec0::1",
          "ff02::1",      "2001::1",         "2001:db8::1",     "2002:a00:1::",    "3fff::1",
          "4000::1"})
        CHECK_MESSAGE(!is_public(text), text);
}

TEST_CASE("one private address among public ones is enough to refuse") {
    CHECK(resolve("a.example", false, {"1.1.1.1", "2606:4700::1111"}).size() == 2);
    CHECK(refusal(RemoteError::Kind::GiveUp, "a.example", {"1.1.1.1", "10.0.0.1"}).find("10.0.0.1") !=
          std::string::npos);
    CHECK(resolve("a.example", true, {"1.1.1.1", "10.0.0.1"}).size() == 2);
    CHECK(refusal(RemoteError::Kind::Retry, "a.example", {}) == "ask it: its name has no address");
}

TEST_CASE("a NUL ends no address") {
    for (const std::string& text : {std::string("1.1.1.1\0", 8), std::string("::1\0.example", 12)})
        CHECK_FALSE(numeric_address(text, 443));
}

TEST_CASE("an address in place of a name is checked without asking anybody") {
    CHECK(resolve("1.1.1.1", false, {"10.0.0.1"}).front().text() == "1.1.1.1");
    CHECK(refusal(RemoteError::Kind::GiveUp, "127.0.0.1", {"1.1.1.1"}).find("127.0.0.1") !=
          std::string::npos);
    CHECK_FALSE(refusal(RemoteError::Kind::GiveUp, "::ffff:1.1.1.1", {"1.1.1.1"}).empty());
}

TEST_CASE("the system reads short forms of addresses as such, and they are refused like them") {
    const auto soon = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    for (const char* host : {"127.1", "2130706433", "0x7f000001", "localhost"})
        CHECK_THROWS_AS(resolve_checked(host, 443, false, {}, soon, "ask it"), RemoteError);
    CHECK(resolve_checked("127.1", 443, true, {}, soon, "ask it").front().text() == "127.0.0.1");
}
