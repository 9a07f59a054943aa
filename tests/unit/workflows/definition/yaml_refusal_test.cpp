// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/yaml_refusal.hpp"

#include <doctest/doctest.h>

#include "tests/unit/workflows/definition/shown.hpp"

using namespace heddle;

TEST_CASE("tabs in the indentation are named") {
    const std::string sentence = " a tab can't be used for indentation: use spaces\n";
    CHECK(problems_of("a:\n\tb: c\n") == "2:1" + sentence);
    CHECK(problems_of("a:\n  b: c\n\td: e\n") == "3:1" + sentence);
    CHECK(problems_of("a:\n  - b\n \t- c\n") == "3:2" + sentence);
    CHECK(problems_of("a:\r\n  - b: c\r\n\t\td: e\r\n") == "3:1" + sentence);
}

TEST_CASE("wrong indentation is named") {
    CHECK(problems_of("a:\n  b: c\n d: e\n") == "3:2 the indentation of this line fits no line above it\n");
    CHECK(problems_of("a:\n  - b: 1\n    c: 2\n   - d: 3\n") ==
          "4:4 the indentation of this line fits no line above it\n");
    const std::string deeper =
        " this line is indented deeper than the line above, which has a value already\n";
    CHECK(problems_of("\u00fc: b\n  c: d\n") == "2:3" + deeper);
    CHECK(problems_of("a:\n  b: \"x\"\n# comment\n\n    c: \"y\"\n") == "5:5" + deeper);
}

TEST_CASE("text where a key must be is named") {
    CHECK(problems_of("event push\nbranches: x\n") ==
          "2:1 this line can't follow the line above, which is no \"key:\" or \"key: value\"\n");
    CHECK(problems_of("a: b\n- c\n") ==
          "2:1 a list item can't stand here, where a \"key: value\" is expected\n");
    CHECK(problems_of("a: \"\u00fc\" c\n") ==
          "1:8 nothing may follow the value here: put all of it in quotes or begin a new line\n");
    CHECK(problems_of("a: \u00fc: c\n") ==
          "1:5 a second \": \" in one line: put a value that holds one in quotes\n");
    CHECK(problems_of("a: - b\n") == "1:4 a list can't begin behind its key: begin it in the next line\n");
}

TEST_CASE("what is not closed is shown where it was opened") {
    CHECK(problems_of("\u00fc: [b, c\n") == "1:4 \"[\" is not closed, or something between is misplaced\n");
    CHECK(problems_of("a: {b: [c}\n") == "1:10 \"}\" closes nothing that is open here\n");
    CHECK(problems_of("a: {b: c\nd: e\n") == "1:4 \"{\" is not closed, or something between is misplaced\n");
    CHECK(problems_of("a: 'it''s'\nb: don't # \"\nc: \"x \\\" \nd: e\n") ==
          "3:4 this quote is never closed\n");
    CHECK(problems_of("a: [b, '\u00fc\n") == "1:8 this quote is never closed\n");
    CHECK(problems_of("a: ]\n") == "1:4 \"]\" closes nothing that is open here\n");
    CHECK(problems_of("}\n") == "1:1 \"}\" closes nothing that is open here\n");
}

TEST_CASE("values that need quotes are named") {
    CHECK(problems_of("a: @x\n") == "1:4 a value can't begin with \"@\": put it in quotes\n");
    CHECK(problems_of("a: `x`\n") == "1:4 a value can't begin with \"`\": put it in quotes\n");
    CHECK(problems_of("project: %SCM_ORGANIZATION_NAME\n") ==
          "1:10 a value can't begin with \"%\": a placeholder is written %{NAME}, anything else needs "
          "quotes\n");
    CHECK(problems_of("a: \"\\q\"\n") ==
          "1:7 this is no escape in double quotes: write \"\\\\\" for a backslash\n");
}

TEST_CASE("the parser's own words come behind ours only") {
    CHECK(problems_of("a: \"\\ud800\"\n")
              .starts_with("1:11 this is not YAML (the parser says: \"invalid unicode"));
    CHECK(problems_of("a: !<x y\n") ==
          "1:7 this is not YAML (the parser says: \"end of verbatim tag not found\")\n");
}
