// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "tests/unit/workflows/definition/shown.hpp"
#include "workflows/definition/definition.hpp"
#include "workflows/model/scm_event.hpp"

using namespace heddle;

namespace {

bool has_alias(const std::string& version) {
    const ParsedDefinition parsed = check_definition("version: " + version + "\n" + workflow_with(""));
    REQUIRE_MESSAGE(parsed.definition, shown(parsed.problems));
    return parsed.definition->merge_request_alias;
}

}  // namespace

TEST_CASE("a file is a mapping of names to workflows") {
    const ParsedDefinition parsed = check_definition(
        "---\nfirst one:\n  steps:\n    - trigger_services: {project: a, package: b}\n"
        "\u00fc:\n  filters:\n    event: push\n  steps:\n  - rebuild_package:\n      project: a\n      "
        "package: b\n"
        "    trigger_services: {project: a, package: c}\n");
    REQUIRE_MESSAGE(parsed.definition, shown(parsed.problems));
    CHECK(parsed.problems.empty());
    CHECK(parsed.warnings.empty());
    const auto& workflows = parsed.definition->workflows;
    REQUIRE(workflows.size() == 2);
    CHECK(workflows[0].name == "first one");
    CHECK(workflows[0].line == 2);
    REQUIRE(workflows[0].steps.size() == 1);
    CHECK(workflows[0].steps[0].name == "trigger_services");
    CHECK(workflows[0].steps[0].line == 4);
    CHECK(workflows[0].steps[0].step != nullptr);
    CHECK(workflows[1].name == "\u00fc");
    CHECK(workflows[1].filters.event->name == "push");
    CHECK(workflows[1].filters.event->line == 7);
    // Several keys in one item are several steps, in order.
    REQUIRE(workflows[1].steps.size() == 2);
    CHECK(workflows[1].steps[0].name == "rebuild_package");
    CHECK(workflows[1].steps[1].name == "trigger_services");
}

TEST_CASE("an empty mapping is a definition that does nothing") {
    const ParsedDefinition parsed = check_definition("{}");
    REQUIRE(parsed.definition);
    CHECK(parsed.definition->workflows.empty());
    CHECK(check_definition("version: 1.1").definition);
}

TEST_CASE("a file without a mapping is refused") {
    for (const std::string text : {"", "# nothing\n", "---\n", "~\n"})
        CHECK(problems_of(text) == "0:0 the file holds no workflow\n");
    CHECK(problems_of("just text\n") == "1:1 the file must be a mapping of names to workflows, not text\n");
    CHECK(problems_of("\n- a\n") == "2:1 the file must be a mapping of names to workflows, not a list\n");
}

TEST_CASE("a file that is too large, or no text, is refused") {
    CHECK(problems_of(std::string(200'000, '#')) == "0:0 the file is larger than 128 KiB\n");
    CHECK(problems_of("a: \xff") == "1:4 the file is not UTF-8: \"\\xff\" begins no character\n");
}

TEST_CASE("a workflow must be a mapping") {
    CHECK(problems_of("w:\n") == "1:1 the workflow \"w\" must be a mapping with \"steps\", not nothing\n");
    CHECK(problems_of("w: x\n") == "1:4 the workflow \"w\" must be a mapping with \"steps\", not text\n");
    CHECK(problems_of("w:\n  - x\n") ==
          "2:3 the workflow \"w\" must be a mapping with \"steps\", not a list\n");
    CHECK(problems_of("w: []\n") == "1:4 the workflow \"w\" must be a mapping with \"steps\", not a list\n");
}

TEST_CASE("a workflow needs steps") {
    CHECK(problems_of("w: {}\n") == "1:1 the workflow \"w\" has no \"steps\"\n");
    CHECK(problems_of("w:\n  filters: {event: push}\n") == "1:1 the workflow \"w\" has no \"steps\"\n");
}

TEST_CASE("all problems come at once and in order of place") {
    CHECK(problems_of("version: x\nw: {}\nv:\n  filters: []\n  steps: x\n") ==
          "1:10 \"x\" is no version: write major.minor, as in 1.1\n"
          "2:1 the workflow \"w\" has no \"steps\"\n"
          "4:12 \"filters\" must be a mapping, not a list\n"
          "5:10 \"steps\" must be a list, not text\n");
}

TEST_CASE("no more than 100 problems are listed") {
    std::string text;
    for (int i = 0; i < 250; ++i) text += "w" + std::to_string(i) + ": {}\n";
    const ParsedDefinition parsed = check_definition(text);
    REQUIRE(parsed.problems.size() == 101);
    CHECK(parsed.problems.back().message == "there are 150 more of this kind further down");
}

TEST_CASE("unknown keys of a workflow have no effect, with a warning") {
    CHECK(problems_of(workflow_with("  foo: bar\n")).empty());
    CHECK(warnings_of(workflow_with("  foo: bar\n")) ==
          "6:3 \"foo\" has no effect in a workflow: there are \"steps\" and \"filters\"\n");
    CHECK(warnings_of(workflow_with("  filter: {event: push}\n")) ==
          "6:3 \"filter\" has no effect in a workflow: did you mean \"filters\"?\n");
    CHECK(warnings_of(workflow_with("  version: 1\n")) ==
          "6:3 \"version\" has no effect in a workflow: it belongs to the top of the file\n");
    CHECK(warnings_of(workflow_with("  event: push\n")) ==
          "6:3 \"event\" has no effect in a workflow: put it below \"filters\"\n");
}

TEST_CASE("of two workflows with one name the last counts") {
    const std::string text = workflow_with("") + workflow_with("  filters: {event: push}\n");
    const ParsedDefinition parsed = check_definition(text);
    REQUIRE(parsed.definition);
    REQUIRE(parsed.definition->workflows.size() == 1);
    CHECK(parsed.definition->workflows[0].line == 6);
    CHECK(shown(parsed.warnings) ==
          "6:1 \"w\" is given twice: this one counts, the one in line 1 does not\n");
}

TEST_CASE("the content of a workflow beside its name is recognised") {
    CHECK(problems_of(
              "w:\nsteps:\n  - trigger_services: {project: a, package: b}\nfilters:\n  event: push\n") ==
          "2:1 \"steps\" must be indented deeper than the name of its workflow, \"w\"\n"
          "4:1 \"filters\" must be indented deeper than the name of its workflow, \"w\"\n");
    CHECK(problems_of("steps:\n  - trigger_services: {project: a, package: b}\n") ==
          "1:1 \"steps\" belongs to no workflow: name one above it and indent all of this below that name\n");
    CHECK(
        problems_of(workflow_with("") + "filters:\n  event: push\n") ==
        "6:1 \"filters\" belongs to no workflow: name one above it and indent all of this below that name\n");
    CHECK(problems_of("steps:\n  steps:\n    - trigger_services: {project: a, package: b}\n").empty());
}

TEST_CASE("version 1.1 and later, or none, knows merge requests") {
    for (const std::string version :
         {"1.1", "'1.1'", "1.10", "1.9", "2", "2.0", "10", "1.1.0", "01.01", "~", ""})
        CHECK_MESSAGE(has_alias(version), version);
    for (const std::string version : {"1.0", "1", "'1.0'", "0.9", "1.0.9", "1.00", "0"})
        CHECK_FALSE_MESSAGE(has_alias(version), version);
    CHECK(check_definition(workflow_with("")).definition->merge_request_alias);
}

TEST_CASE("a malformed version is a problem") {
    for (const std::string version : {"x", "1.", ".1", "1..1", "v1.1", "1.x", "1,1", "true", "-1"})
        CHECK(problems_of("version: " + version + "\n" + workflow_with("")) ==
              "1:10 \"" + version + "\" is no version: write major.minor, as in 1.1\n");
    CHECK(problems_of("version: [1, 1]\n" + workflow_with("")) ==
          "1:10 \"version\" must be major.minor, as in 1.1, not a list\n");
}

TEST_CASE("a mapping called version is a workflow") {
    const ParsedDefinition parsed =
        check_definition("version:\n  steps:\n    - trigger_services: {project: a, package: b}\n");
    REQUIRE(parsed.definition);
    REQUIRE(parsed.definition->workflows.size() == 1);
    CHECK(parsed.definition->workflows[0].name == "version");
}

TEST_CASE("the values of an event reach the steps") {
    ScmEvent event;
    event.repository.name = "not a name";
    const ParsedDefinition parsed = parse_definition(
        "w:\n  steps:\n    - trigger_services:\n        project: a\n        package: "
        "%{SCM_REPOSITORY_NAME}\n",
        event);
    CHECK_FALSE(parsed.definition);
    REQUIRE(parsed.problems.size() == 1);
    CHECK(parsed.problems[0].line == 5);
    CHECK(parsed.problems[0].column == 18);
    CHECK(parsed.problems[0].message.find("\"not a name\" is no package name") != std::string::npos);
}

TEST_CASE("a label can't add anything to a file") {
    ScmEvent event;
    event.label = "x\n    - rebuild_package: {project: a, package: b}\n";
    const ParsedDefinition parsed =
        parse_definition(workflow_with("  filters: {labels: {only: [%{LABEL}]}}\n"), event);
    REQUIRE(parsed.definition);
    REQUIRE(parsed.definition->workflows.size() == 1);
    CHECK(parsed.definition->workflows[0].steps.size() == 1);
    CHECK(parsed.definition->workflows[0].filters.labels->only == std::vector<std::string>{event.label});
}

TEST_CASE("an unknown placeholder is one problem") {
    CHECK(problems_of(
              "w:\n  steps:\n    - trigger_services:\n        project: a\n        package: %{SCM_REPO}\n")
              .starts_with("5:18 \"%{SCM_REPO}\" is no placeholder"));
    CHECK(check_definition("w:\n  steps:\n    - trigger_services:\n        project: a\n        package: "
                           "%{SCM_REPO}\n")
              .problems.size() == 1);
}
