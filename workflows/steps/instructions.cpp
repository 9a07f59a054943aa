// SPDX-License-Identifier: Apache-2.0
#include "workflows/steps/instructions.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;

/// Where to point for a value that is not there: an empty value has no text of its own.
const DefinitionNode* key_of(const DefinitionNode& map, std::string_view name) {
    for (const auto& [key, value] : map.entries)
        if (key.is_scalar() && key.text == name) return &key;
    return nullptr;
}

json json_of(const DefinitionNode& node) {
    switch (node.kind) {
        case DefinitionNode::Kind::Null: return nullptr;
        case DefinitionNode::Kind::Scalar: return node.text;
        case DefinitionNode::Kind::List: {
            json list = json::array();
            for (const DefinitionNode& item : node.items) list.push_back(json_of(item));
            return list;
        }
        case DefinitionNode::Kind::Map: {
            json map = json::object();
            for (const auto& [key, value] : node.entries) map[key.text] = json_of(value);
            return map;
        }
    }
    throw std::logic_error("unknown DefinitionNode::Kind");
}

}  // namespace

Instructions::Instructions(std::string owner,
                           const DefinitionNode& place,
                           const DefinitionNode& node,
                           Problems& problems)
    : owner_(std::move(owner)), place_(place), node_(node), problems_(problems) {}

void Instructions::refuse(const DefinitionNode& place, const std::string& message) {
    problems_.push_back({place.line, place.column, message});
}

std::string Instructions::in_owner(std::string_view key) const {
    return heddle::quoted(key) + " of " + owner_;
}

const DefinitionNode* Instructions::required(std::string_view key) {
    const DefinitionNode* value = node_.find(key);
    if (value == nullptr) {
        refuse(place_, owner_ + " needs the key " + heddle::quoted(key));
        return nullptr;
    }
    if (!value->is_empty()) return value;
    refuse(*key_of(node_, key), in_owner(key) + " has no value");
    return nullptr;
}

std::string Instructions::text_of(std::string_view key, const DefinitionNode& value) {
    if (value.is_scalar()) return value.text;
    refuse(value, in_owner(key) + " must be text, not " + std::string(kind_in_words(value)));
    return {};
}

std::string Instructions::required_text(std::string_view key) {
    const DefinitionNode* value = required(key);
    return value == nullptr ? std::string() : text_of(key, *value);
}

std::string Instructions::optional_text(std::string_view key) {
    const DefinitionNode* value = node_.find(key);
    return value == nullptr || value->is_empty() ? std::string() : text_of(key, *value);
}

std::string Instructions::name_of(NameKind kind, std::string_view key, const std::string& text) {
    if (text.empty()) return text;
    const auto reason = why_refused(kind, text);
    if (!reason) return text;
    refuse(*node_.find(key), in_owner(key) + ": " + *reason);
    return {};
}

std::string Instructions::required_name(NameKind kind, std::string_view key) {
    return name_of(kind, key, required_text(key));
}

std::string Instructions::optional_name(NameKind kind, std::string_view key) {
    return name_of(kind, key, optional_text(key));
}

std::string Instructions::word_of(std::string_view key,
                                  const std::string& text,
                                  const std::vector<std::string_view>& words) {
    if (text.empty() || std::find(words.begin(), words.end(), text) != words.end()) return text;
    std::vector<std::string> choices;
    for (std::string_view word : words) choices.push_back(heddle::quoted(word));
    refuse(*node_.find(key),
           in_owner(key) + " is " + heddle::quoted(text) + "; it can be one of " + in_words(choices));
    return {};
}

std::string Instructions::required_word(std::string_view key, const std::vector<std::string_view>& words) {
    return word_of(key, required_text(key), words);
}

std::string Instructions::optional_word(std::string_view key, const std::vector<std::string_view>& words) {
    return word_of(key, optional_text(key), words);
}

const DefinitionNode* Instructions::required_list(std::string_view key, Empty empty) {
    const DefinitionNode* present = node_.find(key);
    if (empty == Empty::Allowed && present != nullptr && present->is_list()) return present;
    const DefinitionNode* value = required(key);
    if (value == nullptr || value->is_list()) return value;
    refuse(*value, in_owner(key) + " must be a list, not " + std::string(kind_in_words(*value)));
    return nullptr;
}

std::string to_json(const DefinitionNode& node) {
    return json_of(node).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace heddle
