// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/source_text.hpp"

#include <doctest/doctest.h>

#include "tests/unit/workflows/definition/shown.hpp"

using namespace heddle;

namespace {

std::string objection(std::string_view text) {
    const auto problem = why_not_text(text);
    return problem ? shown({*problem}) : "";
}

Place place(std::string_view text, std::size_t offset) { return PlaceFinder(text).at(offset); }

}  // namespace

TEST_CASE("columns count characters and lines end in line feeds") {
    const std::string text = "\u00e9: \u00fc\u20ac\U0001F600x\r\ny";
    CHECK(place(text, 0).column == 1);
    CHECK(place(text, text.find("\u00fc")).column == 4);
    CHECK(place(text, text.find('x')).column == 7);
    CHECK(place(text, text.find('y')).line == 2);
    CHECK(place(text, text.find('y')).column == 1);
}

TEST_CASE("an offset behind the end is the end") {
    CHECK(place("a\nbc", 99).line == 2);
    CHECK(place("a\nbc", 99).column == 3);
    CHECK(place("", 5).line == 1);
}

TEST_CASE("places are found backwards too") {
    PlaceFinder places("a\nb\nc");
    CHECK(places.at(4).line == 3);
    CHECK(places.at(2).line == 2);
    CHECK(places.at(2).column == 1);
    CHECK(places.at(1).line == 1);
    CHECK(places.at(1).column == 2);
    CHECK(places.at(0).line == 1);
    CHECK(places.at(5).line == 3);
    CHECK(places.at(5).column == 2);
}

TEST_CASE("the line around an offset has no end") {
    CHECK(line_around("a\r\nbc\r\nd", 4) == "bc");
    CHECK(line_around("a\nb", 1) == "a");
    CHECK(line_around("a\nb", 2) == "b");
    CHECK(line_around("", 0) == "");
    CHECK(line_around("a\n", 2) == "");
}

TEST_CASE("usual text is text") {
    CHECK(objection("") == "");
    CHECK(objection("a: b\r\n\tc\n") == "");
    CHECK(objection("\xef\xbb\xbf"
                    "a: \u00fc\u20ac\U0001F600") == "");
}

TEST_CASE("what is not UTF-8 is refused with its place") {
    CHECK(objection("a: \u00fc\xff") == "1:5 the file is not UTF-8: \"\\xff\" begins no character\n");
    CHECK(objection("\xef\xbb\xbf\xc3") == "1:1 the file is not UTF-8: \"\\xc3\" begins no character\n");
    for (std::string_view broken : {"\x80",
                                    "\xc0\xaf",
                                    "\xe0\x80\xaf",
                                    "\xed\xa0\x80",
                                    "\xf0\x80\x80\xaf",
                                    "\xf4\x90\x80\x80",
                                    "\xf5\x80\x80\x80",
                                    "\xe2\x82"})
        CHECK_FALSE(objection(broken).empty());
}

TEST_CASE("control characters are refused with their place") {
    using namespace std::string_view_literals;
    CHECK(objection("a:\n  \0"sv) == "2:3 the control character \"\\x00\" can't stand in a workflow file\n");
    CHECK(objection("a\x04") == "1:2 the control character \"\\x04\" can't stand in a workflow file\n");
    CHECK(objection("\x7f") == "1:1 the control character \"\\x7f\" can't stand in a workflow file\n");
    CHECK(objection("a\u009b") ==
          "1:2 the control character \"\\xc2\\x9b\" can't stand in a workflow file\n");
    CHECK_FALSE(objection("a\xef\xbb\xbf").empty());
    CHECK_FALSE(objection("a\xef\xbf\xbf").empty());
    CHECK(objection("a\u0085") == "");
}

TEST_CASE("a carriage return alone ends no line") {
    CHECK(objection("a: b\rc: d") == "1:5 a line ends in a carriage return alone: use line feeds\n");
    CHECK(objection("a: b\r") == "1:5 a line ends in a carriage return alone: use line feeds\n");
}

TEST_CASE("128 KiB are text, a byte more is not") {
    CHECK(objection(std::string(128 * 1024, 'a')) == "");
    CHECK(objection(std::string(128 * 1024 + 1, 'a')) == "0:0 the file is larger than 128 KiB\n");
}
