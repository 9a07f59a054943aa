// SPDX-License-Identifier: Apache-2.0
#include "reporters/forge_text.hpp"

#include <doctest/doctest.h>

using namespace heddle;

TEST_CASE("text is cut by characters, not bytes") {
    CHECK(cut_to("grün", 4) == "grün");
    CHECK(cut_to("grüne", 4) == "grü…");
    CHECK(cut_to("", 4).empty());
    CHECK(cut_to("äöü", 1) == "…");
}

TEST_CASE("different long names stay different when they are shortened") {
    const std::string name(40, 'a');
    CHECK(short_name(name, 40) == name);
    CHECK(short_name(name, 30).starts_with("aaaaaaaaaaaaa…"));
    CHECK(short_name(name, 30).size() == 13 + std::string("…").size() + 16);
    CHECK(short_name(name, 30) != short_name(name + "b", 30));
    CHECK(short_name(name, 30) == short_name(name, 30));
}

TEST_CASE("a stranger's text can't leave its segment of a path") {
    CHECK(path_segment("a-b_c.d~E9") == "a-b_c.d~E9");
    CHECK(path_segment("a/b?c#d e%2Fä") == "a%2Fb%3Fc%23d%20e%252F%C3%A4");
    for (const char* other : {"", ".", ".."}) CHECK_FALSE(path_segment(other));
    CHECK(path_segment("...") == "...");
}

TEST_CASE("a repository's name becomes a path, or is refused") {
    CHECK(path_segments("group/sub/name") == "group/sub/name");
    CHECK(path_segments("group/sub/name", "%2F") == "group%2Fsub%2Fname");
    CHECK(path_segments("o w/n?") == "o%20w/n%3F");
    for (const char* wrong : {"", "name", "/", "a/", "/a", "a//b", "a/..", "../b", "a/./b"})
        CHECK_FALSE_MESSAGE(path_segments(wrong), wrong);
}
