// SPDX-License-Identifier: Apache-2.0
#include "app/net/url.hpp"

#include <doctest/doctest.h>

using namespace heddle;

TEST_CASE("an origin is scheme, host and port, in one spelling") {
    CHECK(parse_url("https://Git.Example.org")->origin() == "https://git.example.org");
    CHECK(parse_url("HTTP://git.example.org/x")->origin() == "http://git.example.org");
    CHECK(parse_url("https://git.example.org:8443/a?b=c")->origin() == "https://git.example.org:8443");
    CHECK(parse_url("http://[2001:DB8::1]:3000/")->origin() == "http://[2001:db8::1]:3000");
    CHECK(parse_url("https://git.example.org:443/")->authority() == "git.example.org");
    CHECK(parse_url("http://git.example.org:443/")->authority() == "git.example.org:443");
    const auto same = [](const char* a, const char* b) { return same_origin(*parse_url(a), *parse_url(b)); };
    CHECK(same("https://a.example/x", "https://A.example:443/y?z"));
    CHECK_FALSE(same("https://a.example/", "http://a.example/"));
    CHECK_FALSE(same("https://a.example/", "https://a.example:8443/"));
    CHECK_FALSE(same("https://a.example/", "https://b.a.example/"));
    CHECK_FALSE(same("https://a.example/", "https://a.example./"));
}

TEST_CASE("the target goes out as it is") {
    CHECK(parse_url("https://a.example")->target == "/");
    CHECK(parse_url("https://a.example?x=1")->target == "/?x=1");
    CHECK(parse_url("https://a.example/a%2Fb/c+d?e=%3E&f")->target == "/a%2Fb/c+d?e=%3E&f");
}

TEST_CASE("what is no plain http URL, or could be read in two ways, is refused") {
    for (const char* text : {"",
                             "a.example/x",
                             "ftp://a.example/",
                             "file:///etc/passwd",
                             "https:/a.example",
                             "https:///x",
                             "https://",
                             "https://user@a.example/",
                             "https://a.example@evil.example/",
                             "https://a.example\\@evil.example/",
                             "https://a.example:0/",
                             "https://a.example:65536/",
                             "https://a.example:/",
                             "https://a.example:+80/",
                             "https://a.example:80x/",
                             "https://[::1/",
                             "https://[::1]x/",
                             "https://[a.example]/",
                             "https://::1/",
                             "https://a%2eexample/",
                             "https://\xC3\xA4.example/",
                             "https://-a.example/",
                             "https://.example/",
                             "https://a.example/x#y",
                             "https://a.example/x y",
                             "https://a.example/x\r\nHost: b",
                             "https://a.example/\xC3\xA4",
                             "https://a.example/x\\y",
                             "https://a.exa\tmple/"})
        CHECK_MESSAGE(!parse_url(text), text);
    CHECK_FALSE(parse_url(std::string("https://a.example/x\0y", 21)));
    CHECK_FALSE(parse_url(std::string("https://[::1\0]/", 15)));
    CHECK_FALSE(parse_url(std::string("https://a\0.example/", 19)));
    CHECK_FALSE(parse_url("https://a.example/" + std::string(9000, 'x')));
}

TEST_CASE("names become segments, whatever they contain") {
    CHECK(url_encoded("feature/a#b?c%d e") == "feature%2Fa%23b%3Fc%25d%20e");
    CHECK(url_encoded("ä&=+\n") == "%C3%A4%26%3D%2B%0A");
    CHECK(url_encoded("AZaz09-._~") == "AZaz09-._~");
    CHECK(encoded_path("group/sub name/x") == "group/sub%20name/x");
    for (const char* path : {"", "/a", "a/", "a//b", ".", "..", "a/../b", "a/.", "a/.."})
        CHECK_MESSAGE(!encoded_path(path), path);
    CHECK(encoded_path(".obs/workflows.yml") == ".obs/workflows.yml");
    CHECK(encoded_path("a/...") == "a/...");
}
