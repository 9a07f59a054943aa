// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "workflows/definition/placeholders.hpp"
#include "workflows/model/definition_node.hpp"
#include "workflows/model/problem.hpp"

namespace heddle {

/// A workflow file as a tree, or why it is none. A tree may come with problems (unknown placeholders).
struct ReadTree {
    std::optional<DefinitionNode> root;
    Problems problems;
    Problems warnings;
};

/// Reads YAML as far as workflow files use it: no aliases, anchors, merge keys, foreign tags or second
/// documents; of equal keys the last counts, with a warning. The text is hostile: size, depth and number of
/// values are limited before anything grows or recurses. Never throws for it.
ReadTree read_tree(const std::string& text, const PlaceholderValues& values);

}  // namespace heddle
