// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/parse_filters.hpp"

#include <doctest/doctest.h>

#include "tests/unit/workflows/definition/shown.hpp"

using namespace heddle;

namespace {

/// A workflow whose filters, indented by four, begin in line 7.
std::string with_filters(const std::string& filters) { return workflow_with("  filters:\n" + filters); }

Filters filters_of(const std::string& filters) {
    const ParsedDefinition parsed = check_definition(with_filters(filters));
    REQUIRE_MESSAGE(parsed.definition, shown(parsed.problems));
    return parsed.definition->workflows.at(0).filters;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("filters keep their lines and lists") {
    const Filters filters = filters_of(
        "    event: pull_request\n    branches:\n      only:\n        - main\n        - 16.0\n"
        "      ignore: [dev]\n    labels: {only: [\"a b\", 1]}\n");
    CHECK(filters.event->name == "pull_request");
    CHECK(filters.event->line == 7);
    CHECK(filters.branches->only == Names{"main", "16.0"});
    CHECK(filters.branches->ignore == Names{"dev"});
    CHECK(filters.branches->line == 8);
    CHECK(filters.branches->column == 5);
    CHECK(filters.branches->only_line == 9);
    CHECK(filters.branches->ignore_line == 12);
    CHECK(filters.labels->only == Names{"a b", "1"});
}

TEST_CASE("filters are a mapping") {
    CHECK(problems_of(workflow_with("  filters: [event]\n")) ==
          "6:12 \"filters\" must be a mapping, not a list\n");
    CHECK(problems_of(workflow_with("  filters: push\n")) ==
          "6:12 \"filters\" must be a mapping, not text\n");
    CHECK(problems_of(workflow_with("  filters:\n")) == "6:3 \"filters\" must be a mapping, not nothing\n");
    CHECK(problems_of(workflow_with("  filters: {}\n")).empty());
    CHECK(problems_of(workflow_with("  filters:\n  event: push\n")) ==
          "7:3 \"event\" must be indented deeper than \"filters\"\n");
}

TEST_CASE("unknown filters are problems with a hint") {
    CHECK(problems_of(with_filters("    events: push\n")) ==
          "7:5 \"events\" is no filter: did you mean \"event\"?\n");
    CHECK(problems_of(with_filters("    paths: [a]\n")) ==
          "7:5 \"paths\" is no filter: there are \"event\", \"branches\" and \"labels\"\n");
    CHECK(problems_of(with_filters("    steps: [a]\n")) ==
          "7:5 \"steps\" is no filter: there are \"event\", \"branches\" and \"labels\"\n");
}

TEST_CASE("the event filter is one name") {
    for (const std::string value : {"[push]", "[]"})
        CHECK(problems_of(with_filters("    event: " + value + "\n")) ==
              "7:12 the filter \"event\" must be the name of one event, not a list\n");
    CHECK(problems_of(with_filters("    event: {push: x}\n")) ==
          "7:12 the filter \"event\" must be the name of one event, not a mapping\n");
    CHECK(problems_of(with_filters("    event:\n")) ==
          "7:5 the filter \"event\" must be the name of one event, not nothing\n");
}

TEST_CASE("an event that does not exist is a warning") {
    CHECK(filters_of("    event: nonexistent\n").event->name == "nonexistent");
    CHECK(warnings_of(with_filters("    event: nonexistent\n")) ==
          "7:12 \"nonexistent\" is no event, so this workflow never runs: there are \"pull_request\", "
          "\"merge_request\", \"push\" and \"tag_push\"\n");
    CHECK(warnings_of(with_filters("    event: pull-request\n")) ==
          "7:12 \"pull-request\" is no event, so this workflow never runs: did you mean \"pull_request\"?\n");
    CHECK(warnings_of("version: 1.0\n" + with_filters("    event: merge_request\n")) ==
          "8:12 \"merge_request\" is known from version 1.1 on, so this workflow never runs\n");
    CHECK(warnings_of(with_filters("    event: merge_request\n")).empty());
}

TEST_CASE("branches and labels are mappings of lists") {
    CHECK(
        problems_of(with_filters("    branches: main\n")) ==
        "7:15 the filter \"branches\" must be a mapping with \"only\" or \"ignore\", as in \"only: [main]\", "
        "not text\n");
    CHECK(problems_of(with_filters("    labels: [a]\n")) ==
          "7:13 the filter \"labels\" must be a mapping with \"only\" or \"ignore\", not a list\n");
    CHECK(problems_of(with_filters("    labels:\n")) ==
          "7:5 the filter \"labels\" must be a mapping with \"only\" or \"ignore\", not nothing\n");
    CHECK(problems_of(with_filters("    branches:\n      only: main\n")) ==
          "8:13 \"only\" of branches must be a list of names, not text: write [\"main\"]\n");
    CHECK(problems_of(with_filters("    branches:\n      ignore: {a: b}\n")) ==
          "8:15 \"ignore\" of branches must be a list of names, not a mapping\n");
    CHECK(problems_of(with_filters("    labels:\n      only: [a, [b], {c: d}]\n")) ==
          "8:17 \"only\" of labels must be a list of names, this is a list\n"
          "8:22 \"only\" of labels must be a list of names, this is a mapping\n");
}

TEST_CASE("branches and labels know two lists") {
    CHECK(problems_of(with_filters("    branches:\n      onyl: [main]\n")) ==
          "8:7 \"onyl\" can't be used in the filter \"branches\": did you mean \"only\"?\n");
    CHECK(problems_of(with_filters("    labels:\n      something: []\n      only: [a]\n")) ==
          "8:7 \"something\" can't be used in the filter \"labels\": there are \"only\" and \"ignore\"\n");
    CHECK(problems_of(with_filters("    branches:\n    only:\n      - main\n")) ==
          "7:5 the filter \"branches\" must be a mapping with \"only\" or \"ignore\", not nothing\n"
          "8:5 \"only\" must be indented deeper than \"branches\"\n");
}

TEST_CASE("vector 21: two mistakes in the filters are two sentences") {
    CHECK(problems_of(with_filters("    event: []\n    branches: {only: [], something: []}\n")) ==
          "7:12 the filter \"event\" must be the name of one event, not a list\n"
          "8:26 \"something\" can't be used in the filter \"branches\": there are \"only\" and \"ignore\"\n");
}

TEST_CASE("a filter that names nothing is a warning") {
    CHECK(warnings_of(with_filters("    branches: {only: [], ignore: []}\n")) ==
          "7:5 the filter \"branches\" names nothing, so this workflow never runs\n");
    CHECK(warnings_of(with_filters("    labels: {}\n")) ==
          "7:5 the filter \"labels\" names nothing, so this workflow never runs\n");
    CHECK(warnings_of(with_filters("    branches:\n      only:\n      ignore: [a]\n")) ==
          "8:7 \"only\" of branches names nothing\n");
}

TEST_CASE("patterns in a branches filter are a warning") {
    CHECK(filters_of("    branches: {only: [\"v*\"]}\n").branches->only == Names{"v*"});
    CHECK(warnings_of(with_filters("    branches: {only: [\"v*\", main]}\n")) ==
          "7:23 \"v*\" is no pattern but a name, and no branch can have it\n");
    CHECK(warnings_of(with_filters("    labels: {only: [\"v*\"]}\n")).empty());
}
