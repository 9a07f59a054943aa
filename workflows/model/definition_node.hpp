// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heddle {

/// One value of a workflow file with its place in the original text. Placeholders are already replaced.
/// Scalars keep their text: "15.4" stays "15.4", nothing is guessed to be a number or a date.
struct DefinitionNode {
    enum class Kind { Null, Scalar, List, Map };
    struct Entry;

    Kind kind = Kind::Null;
    std::string text;     // Scalar
    bool quoted = false;  // Scalar written in quotes or as a block: then even "" and "~" are strings
    int line = 0;
    int column = 0;
    std::vector<DefinitionNode> items;  // List
    std::vector<Entry> entries;         // Map, in order of the file; of equal keys only the last is kept

    /// The value of `key` in a Map; null where it is absent or this is no Map.
    const DefinitionNode* find(std::string_view key) const;
    bool is_map() const { return kind == Kind::Map; }
    bool is_list() const { return kind == Kind::List; }
    bool is_scalar() const { return kind == Kind::Scalar; }
    /// Null, an empty scalar, list or map.
    bool is_empty() const;
};

/// A key and its value. No std::pair: a vector of pairs of the class that holds it is an error with clang.
struct DefinitionNode::Entry {
    Entry(DefinitionNode key, DefinitionNode value) : first(std::move(key)), second(std::move(value)) {}

    DefinitionNode first;
    DefinitionNode second;
};

/// "a mapping", "a list", "text", "nothing": for sentences about a value of the wrong kind.
std::string_view kind_in_words(const DefinitionNode& node);

}  // namespace heddle
