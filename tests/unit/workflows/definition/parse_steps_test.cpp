// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/parse_steps.hpp"

#include <doctest/doctest.h>

#include "tests/unit/workflows/definition/shown.hpp"

using namespace heddle;

namespace {

/// Problems of a workflow with these steps, which begin in line 3.
std::string problems_of_steps(const std::string& steps) { return problems_of("w:\n  steps:\n" + steps); }

const std::string kGood = "    - trigger_services: {project: a, package: b}\n";

}  // namespace

TEST_CASE("steps are a list that holds something") {
    CHECK(problems_of("w:\n  steps:\n") == "2:3 \"steps\" holds no step\n");
    CHECK(problems_of("w:\n  steps: []\n") == "2:3 \"steps\" holds no step\n");
    CHECK(problems_of("w:\n  steps: [{}]\n") == "2:3 \"steps\" holds no step\n");
    CHECK(problems_of("w:\n  steps: trigger_services\n") == "2:10 \"steps\" must be a list, not text\n");
    CHECK(problems_of_steps("    trigger_services: {project: a, package: b}\n") ==
          "3:5 \"steps\" must be a list, not a mapping: begin each step with a dash\n");
}

TEST_CASE("an item of the list is a mapping") {
    CHECK(problems_of_steps("    - trigger_services\n") ==
          "3:7 trigger_services has no instructions: put a \":\" behind its name and indent them below\n");
    CHECK(problems_of_steps("    - foo\n") ==
          "3:7 a step must be a mapping of its name to its instructions, not text\n");
    CHECK(problems_of_steps(kGood + "    - [a]\n") ==
          "4:7 a step must be a mapping of its name to its instructions, not a list\n");
    CHECK(problems_of_steps(kGood + "    -\n" + kGood) == "4:5 this item of the list holds no step\n");
    CHECK(problems_of_steps(kGood + "    - {}\n").empty());
    CHECK(warnings_of("w:\n  steps:\n" + kGood + "    - {}\n") ==
          "4:7 this item of the list holds no step\n");
}

TEST_CASE("unknown steps are problems with a hint") {
    CHECK(problems_of_steps("    - trigger_service: {project: a, package: b}\n") ==
          "3:7 \"trigger_service\" is no step: did you mean \"trigger_services\"?\n");
    CHECK(problems_of_steps(kGood + "    - make_coffee: {}\n") ==
          "4:7 \"make_coffee\" is no step: there are branch_package, link_package, configure_repositories, "
          "rebuild_package, trigger_services, set_flags, link_project and submit_request\n");
    CHECK(problems_of_steps("    - ~: {}\n").starts_with("3:7 \"~\" is no step"));
}

TEST_CASE("instructions beside the name of their step are recognised") {
    const std::string text =
        "    - branch_package:\n      source_project: a\n      source_package: b\n      target_project: c\n";
    const std::string sentence =
        " the instructions of branch_package must be indented deeper than its name\n";
    CHECK(problems_of_steps(text) == "4:7" + sentence);
    CHECK(problems_of_steps(text + "      add_repositorys: x\n") == "4:7" + sentence);
    CHECK(problems_of_steps(text + "    - foo: {}\n").starts_with("4:7" + sentence + "7:7 \"foo\""));
    // "filters" is another mistake than the indentation of the instructions.
    CHECK(problems_of_steps(text + "      filters: {event: push}\n") ==
          "4:7" + sentence + "7:7 \"filters\" can't stand beside a step: it belongs to the workflow\n");
}

TEST_CASE("a single instruction beside its step is recognised") {
    CHECK(problems_of_steps(
              "    - trigger_services:\n        project: a\n        package: b\n      package: b\n") ==
          "6:7 \"package\" is no step: as an instruction of trigger_services it must be indented deeper than "
          "that name\n");
}

TEST_CASE("keys of the workflow beside a step are recognised") {
    const std::string item = "    - trigger_services: {project: a, package: b}\n";
    CHECK(problems_of_steps(item + "      filters: {event: push}\n") ==
          "4:7 \"filters\" can't stand beside a step: it belongs to the workflow\n");
    CHECK(problems_of_steps(item + "      version: 1.1\n") ==
          "4:7 \"version\" can't stand beside a step: it belongs to the top of the file\n");
}

TEST_CASE("a step needs instructions that are a mapping") {
    CHECK(problems_of_steps("    - branch_package:\n") == "3:7 branch_package has no instructions\n");
    CHECK(problems_of_steps("    - branch_package: x\n") ==
          "3:23 the instructions of branch_package must be a mapping, not text\n");
    CHECK(problems_of_steps(
              "    - branch_package:\n        - source_project: a\n        - source_package: b\n") ==
          "4:9 the instructions of branch_package must be a mapping, not a list: leave the dashes out\n");
    CHECK(problems_of_steps("    - branch_package:\n      trigger_services:\n") ==
          "3:7 branch_package has no instructions\n4:7 trigger_services has no instructions\n");
}

TEST_CASE("what is wrong inside of a step is found with everything else") {
    const std::string problems = problems_of_steps("    - foo: {}\n    - rebuild_package: {project: a/b}\n");
    CHECK(problems.find("3:7 \"foo\" is no step") == 0);
    CHECK(problems.find("\n4:7 rebuild_package needs the key \"package\"") != std::string::npos);
    CHECK(problems.find("\n4:34 ") != std::string::npos);
}
