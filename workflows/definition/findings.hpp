// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "workflows/model/definition_node.hpp"
#include "workflows/model/problem.hpp"

namespace heddle {

/// What the check of a file has found so far.
struct Findings {
    Problems problems;
    Problems warnings;

    void problem(const DefinitionNode& place, std::string message) {
        problems.push_back({place.line, place.column, std::move(message)});
    }
    void warning(const DefinitionNode& place, std::string message) {
        warnings.push_back({place.line, place.column, std::move(message)});
    }
};

}  // namespace heddle
