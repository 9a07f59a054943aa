// SPDX-License-Identifier: Apache-2.0
#include "tests/support/nodes.hpp"

namespace heddle::test {
namespace {

DefinitionNode node(DefinitionNode::Kind kind, int line, int column) {
    DefinitionNode made;
    made.kind = kind;
    made.line = line;
    made.column = column;
    return made;
}

}  // namespace

DefinitionNode text(const std::string& text, int line, int column) {
    DefinitionNode made = node(DefinitionNode::Kind::Scalar, line, column);
    made.text = text;
    return made;
}

DefinitionNode list(std::vector<DefinitionNode> items, int line, int column) {
    DefinitionNode made = node(DefinitionNode::Kind::List, line, column);
    made.items = std::move(items);
    return made;
}

DefinitionNode map(const std::vector<std::pair<std::string, DefinitionNode>>& entries, int line) {
    DefinitionNode made = node(DefinitionNode::Kind::Map, line + 1, 9);
    for (const auto& [key, value] : entries) {
        ++line;
        made.entries.emplace_back(text(key, line, 9), value);
        DefinitionNode& placed = made.entries.back().second;
        if (placed.line == 0) placed.line = line;
        if (placed.column == 0) placed.column = 20;
    }
    return made;
}

DefinitionNode nothing() { return {}; }

}  // namespace heddle::test
