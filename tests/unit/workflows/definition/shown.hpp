// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "workflows/definition/definition.hpp"

namespace heddle {

/// One line per problem, as `validate` prints them: "3:5 message\n".
inline std::string shown(const Problems& problems) {
    std::string lines;
    for (const Problem& problem : problems)
        lines += std::to_string(problem.line) + ":" + std::to_string(problem.column) + " " + problem.message +
                 "\n";
    return lines;
}

/// What is wrong with a file; empty when it is a definition. Each is there only without the other.
inline std::string problems_of(const std::string& text) {
    const ParsedDefinition parsed = check_definition(text);
    if (parsed.definition.has_value() != parsed.problems.empty()) return "neither a definition nor problems";
    return shown(parsed.problems);
}

inline std::string warnings_of(const std::string& text) { return shown(check_definition(text).warnings); }

/// A workflow with one good step; `more` is added to the workflow, indented by two.
inline std::string workflow_with(const std::string& more) {
    return "w:\n  steps:\n    - trigger_services:\n        project: a\n        package: b\n" + more;
}

}  // namespace heddle
