// SPDX-License-Identifier: Apache-2.0
#include "app/config/url.hpp"

#include <doctest/doctest.h>

using namespace heddle;

namespace {

std::string text_of(std::string_view text) {
    const auto url = parse_web_url(text);
    return url ? url->text() : "refused";
}

std::string origin_of(std::string_view text) {
    const auto url = parse_web_url(text);
    return url ? url->origin() : "refused";
}

}  // namespace

TEST_CASE("equal URLs are written the same way") {
    CHECK(text_of("https://forge.example") == "https://forge.example");
    CHECK(text_of("HTTPS://Forge.Example:443/") == "https://forge.example");
    CHECK(text_of("http://forge.example:80/Sub/path//") == "http://forge.example/Sub/path");
    CHECK(text_of("http://forge.example:3000/api/v3") == "http://forge.example:3000/api/v3");
    CHECK(text_of("http://[::FFFF:1]:8080/a%20b") == "http://[::ffff:1]:8080/a%20b");
}

TEST_CASE("an origin is scheme, host and port") {
    CHECK(origin_of("https://forge.example/api/v1") == "https://forge.example");
    CHECK(origin_of("https://forge.example:8443/api/v1") == "https://forge.example:8443");
    CHECK(origin_of("http://forge.example:443") == "http://forge.example:443");
    CHECK(origin_of("http://[::1]/x") == "http://[::1]");
}

TEST_CASE("what could be read in two ways is no URL") {
    for (const char* text : {"",
                             "forge.example",
                             "//forge.example",
                             "https:/forge.example",
                             "https://",
                             "https:///path",
                             "ftp://forge.example",
                             "https://user@forge.example",
                             "https://user:pass@forge.example/",
                             "https://forge.example:0",
                             "https://forge.example:",
                             "https://forge.example:65536",
                             "https://forge.example:8x",
                             "https://forge.example?query",
                             "https://forge.example/?query",
                             "https://forge.example/#fragment",
                             "https://forge.example/a b",
                             "https://forge.example\\@evil.example/",
                             "https://forge.example/a\\b",
                             "https://-forge.example",
                             "https://[::1",
                             "https://[::1]x",
                             "https://[1.2.3.4]",
                             "https://forge.ex\xC3\xA4mple",
                             "https://forge.example/\n"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_web_url(text));
    }
}
