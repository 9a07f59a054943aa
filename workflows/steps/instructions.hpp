// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workflows/model/definition_node.hpp"
#include "workflows/model/names.hpp"
#include "workflows/model/problem.hpp"

namespace heddle {

/// Reads one mapping of a step's instructions and collects what is wrong with it. Keys that nobody asks for
/// are accepted, as OBS does. References must outlive it.
class Instructions {
public:
    /// `owner`: what the mapping is, for sentences ("branch_package", "a flag of set_flags"); `place`: where
    /// a missing key is reported.
    Instructions(std::string owner,
                 const DefinitionNode& place,
                 const DefinitionNode& node,
                 Problems& problems);

    /// The text of a key that must be there; "" after a problem was added.
    std::string required_text(std::string_view key);
    /// The text of a key that may be missing or empty; "" then.
    std::string optional_text(std::string_view key);
    std::string required_name(NameKind kind, std::string_view key);
    std::string optional_name(NameKind kind, std::string_view key);
    /// Text that must be one of `words`.
    std::string required_word(std::string_view key, const std::vector<std::string_view>& words);
    std::string optional_word(std::string_view key, const std::vector<std::string_view>& words);
    /// A list that must be there; null after a problem was added. Whether it may be empty is said by `empty`.
    enum class Empty { Allowed, Refused };
    const DefinitionNode* required_list(std::string_view key, Empty empty);

    void refuse(const DefinitionNode& place, const std::string& message);

private:
    /// Null when the key is missing or empty; a problem is added.
    const DefinitionNode* required(std::string_view key);
    std::string text_of(std::string_view key, const DefinitionNode& value);
    std::string name_of(NameKind kind, std::string_view key, const std::string& text);
    std::string word_of(std::string_view key,
                        const std::string& text,
                        const std::vector<std::string_view>& words);
    std::string in_owner(std::string_view key) const;

    std::string owner_;
    const DefinitionNode& place_;
    const DefinitionNode& node_;
    Problems& problems_;
};

/// The instructions as JSON for a step's artifacts: scalars as text.
std::string to_json(const DefinitionNode& node);

}  // namespace heddle
