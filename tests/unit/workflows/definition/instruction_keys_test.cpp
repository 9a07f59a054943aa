// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/instruction_keys.hpp"

#include <doctest/doctest.h>

#include "tests/unit/workflows/definition/shown.hpp"
#include "workflows/steps/step_kinds.hpp"

using namespace heddle;

namespace {

/// Warnings of a workflow with one step, whose instructions begin in line 4.
std::string warnings_of_step(const std::string& step, const std::string& instructions) {
    return warnings_of("w:\n  steps:\n    - " + step + ":\n" + instructions);
}

DefinitionNode scalar(const std::string& text) {
    DefinitionNode node;
    node.kind = DefinitionNode::Kind::Scalar;
    node.text = text;
    return node;
}

}  // namespace

TEST_CASE("a key that a step does not read is a warning") {
    CHECK(warnings_of_step("branch_package",
                           "        source_project: a\n        source_package: b\n        target_project: c\n"
                           "        target_pakage: d\n        foo: e\n") ==
          "7:9 \"target_pakage\" of branch_package has no effect: did you mean \"target_package\"?\n"
          "8:9 \"foo\" of branch_package has no effect\n");
}

TEST_CASE("so is one in the lists of a step") {
    CHECK(warnings_of_step(
              "set_flags",
              "        flags:\n          - {type: build, status: enable, project: a, repositry: b}\n") ==
          "5:55 \"repositry\" of flags in set_flags has no effect: did you mean \"repository\"?\n");
    CHECK(warnings_of_step("configure_repositories",
                           "        project: a\n        repositories:\n          - name: b\n            "
                           "architectures: [x86_64]\n            paths: []\n            rebiuld: local\n") ==
          "9:13 \"rebiuld\" of repositories in configure_repositories has no effect: did you mean "
          "\"rebuild\"?\n");
}

TEST_CASE("every key that a step reads is known here") {
    // The keys that a step asks for stand in the problems of one without any.
    for (std::string_view step : step_names()) {
        DefinitionNode empty;
        empty.kind = DefinitionNode::Kind::Map;
        Problems problems;
        CHECK(make_step(scalar(std::string(step)), empty, problems) == nullptr);
        CHECK_FALSE(problems.empty());
        for (const Problem& problem : problems) {
            const std::size_t begin = problem.message.find('"') + 1;
            const std::string key = problem.message.substr(begin, problem.message.find('"', begin) - begin);
            DefinitionNode instructions = empty;
            instructions.entries.emplace_back(scalar(key), scalar("x"));
            Findings findings;
            warn_of_unread_keys(step, instructions, findings);
            CHECK_MESSAGE(findings.warnings.empty(), problem.message);
            CHECK(is_instruction(key));
        }
    }
}
