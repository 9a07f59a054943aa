// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/storable_text.hpp"

#include <doctest/doctest.h>

using namespace heddle;

TEST_CASE("what PostgreSQL can't keep becomes U+FFFD") {
    CHECK(storable_text("plain \xC3\xA4 \xF0\x9F\x9A\x80\n") == "plain \xC3\xA4 \xF0\x9F\x9A\x80\n");
    CHECK(storable_text(std::string_view("a\0b", 3)) ==
          "a\xEF\xBF\xBD"
          "b");
    CHECK(storable_text("\xFFx\xC3") == "\xEF\xBF\xBDx\xEF\xBF\xBD");
    CHECK(storable_text("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("a text is cut between two characters") {
    CHECK(beginning_of("hello", 5) == "hello");
    CHECK(beginning_of("hello", 4) == "hell");
    CHECK(beginning_of("h\xC3\xA4llo", 2) == "h");
    CHECK(beginning_of("h\xC3\xA4llo", 3) == "h\xC3\xA4");
    CHECK(beginning_of("\xF0\x9F\x9A\x80", 3) == "");
    CHECK(beginning_of("", 0) == "");
}
