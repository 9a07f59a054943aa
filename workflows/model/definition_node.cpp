// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/definition_node.hpp"

#include <stdexcept>

namespace heddle {

const DefinitionNode* DefinitionNode::find(std::string_view key) const {
    for (const Entry& entry : entries)
        if (entry.first.is_scalar() && entry.first.text == key) return &entry.second;
    return nullptr;
}

bool DefinitionNode::is_empty() const {
    switch (kind) {
        case Kind::Null: return true;
        case Kind::Scalar: return text.empty();
        case Kind::List: return items.empty();
        case Kind::Map: return entries.empty();
    }
    throw std::logic_error("unknown DefinitionNode::Kind");
}

std::string_view kind_in_words(const DefinitionNode& node) {
    switch (node.kind) {
        case DefinitionNode::Kind::Null: return "nothing";
        case DefinitionNode::Kind::Scalar: return "text";
        case DefinitionNode::Kind::List: return "a list";
        case DefinitionNode::Kind::Map: return "a mapping";
    }
    throw std::logic_error("unknown DefinitionNode::Kind");
}

}  // namespace heddle
