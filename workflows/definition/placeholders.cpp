// SPDX-License-Identifier: Apache-2.0
#include "workflows/definition/placeholders.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <optional>
#include <stdexcept>

#include "workflows/model/scm_event.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

struct Placeholder {
    std::string_view name;
    char letter;  // tells the markers apart
    std::string PlaceholderValues::*value;
};

constexpr std::array kPlaceholders{
    Placeholder{"SCM_ORGANIZATION_NAME", 'a', &PlaceholderValues::organization},
    Placeholder{"SCM_REPOSITORY_NAME", 'b', &PlaceholderValues::repository},
    Placeholder{"SCM_PR_NUMBER", 'c', &PlaceholderValues::pr_number},
    Placeholder{"SCM_COMMIT_SHA", 'd', &PlaceholderValues::commit_sha},
    Placeholder{"LABEL", 'e', &PlaceholderValues::label},
};

// A marker is its character, for known ones the letter, padding to the length of what it replaces, an end.
constexpr char kPadding = 'x';
constexpr char kEnd = 'z';
constexpr std::size_t kMarkerBytes = 3;  // of the character in UTF-8

using CharacterSet = std::bitset<0x10000>;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Adds what "\u1234" or "\U00001234" at `at` would mean in double quotes.
void add_escaped(std::string_view text, std::size_t at, CharacterSet& used) {
    if (at + 1 >= text.size() || (text[at + 1] != 'u' && text[at + 1] != 'U')) return;
    const std::size_t digits = text[at + 1] == 'u' ? 4 : 8;
    if (at + 2 + digits > text.size()) return;
    std::uint64_t value = 0;
    for (char c : text.substr(at + 2, digits)) {
        if (hex_digit(c) < 0) return;
        value = value * 16 + static_cast<std::uint64_t>(hex_digit(c));
    }
    if (value < used.size()) used.set(value);
}

/// All characters of three UTF-8 bytes that the text holds, also those that an escape names.
CharacterSet used_characters(std::string_view text) {
    CharacterSet used;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto lead = static_cast<unsigned char>(text[at]);
        if (lead == '\\') add_escaped(text, at, used);
        if ((lead & 0xF0) != 0xE0 || at + 2 >= text.size()) continue;
        used.set(static_cast<std::size_t>(lead & 0x0F) << 12 |
                 static_cast<std::size_t>(text[at + 1] & 0x3F) << 6 |
                 static_cast<std::size_t>(text[at + 2] & 0x3F));
    }
    return used;
}

std::string in_utf8(std::size_t character) {
    return {static_cast<char>(0xE0 | character >> 12),
            static_cast<char>(0x80 | (character >> 6 & 0x3F)),
            static_cast<char>(0x80 | (character & 0x3F))};
}

/// A character that is not used, from now on it is. There always is one: a text that held all of these would
/// be larger than a workflow file may be.
std::string take_unused(CharacterSet& used) {
    for (auto [first, last] : {std::pair{0xE000, 0xF8FF}, {0x3400, 0xD7FF}, {0x0800, 0x1FFF}})
        for (auto character = static_cast<std::size_t>(first); character <= static_cast<std::size_t>(last);
             ++character)
            if (!used.test(character)) {
                used.set(character);
                return in_utf8(character);
            }
    throw std::logic_error("a text larger than a workflow file may be came to the placeholders");
}

/// The name when "%{NAME}" stands at `at`.
std::optional<std::string_view> placeholder_name_at(std::string_view text, std::size_t at) {
    if (text.substr(at, 2) != "%{") return std::nullopt;
    const std::size_t end = text.find_first_of("{}\r\n", at + 2);
    if (end == std::string_view::npos || text[end] != '}' || end == at + 2) return std::nullopt;
    return text.substr(at + 2, end - at - 2);
}

const Placeholder* find_placeholder(std::string_view name) {
    for (const Placeholder& placeholder : kPlaceholders)
        if (placeholder.name == name) return &placeholder;
    return nullptr;
}

const std::string& value_for(char letter, const PlaceholderValues& values) {
    for (const Placeholder& placeholder : kPlaceholders)
        if (placeholder.letter == letter) return values.*placeholder.value;
    throw std::logic_error("a marker of no placeholder");
}

std::size_t behind_marker(std::string_view scalar, std::size_t at) {
    const std::size_t end = scalar.find(kEnd, at);
    if (end == std::string_view::npos) throw std::logic_error("half a marker");
    return end + 1;
}

}  // namespace

PlaceholderValues placeholder_values(const ScmEvent& event) {
    return {.organization = event.repository.owner,
            .repository = event.repository.name,
            .pr_number = event.number ? std::to_string(*event.number) : "NO_PR_NUMBER",
            .commit_sha = event.commit_sha,
            .label = event.label};
}

PlaceholderValues sample_placeholder_values() {
    return {.organization = "organization",
            .repository = "repository",
            .pr_number = "1",
            .commit_sha = std::string(40, '0'),
            .label = "label"};
}

MarkedText::MarkedText(std::string_view original) {
    CharacterSet used = used_characters(original);
    known_ = take_unused(used);
    unknown_ = take_unused(used);
    text_.reserve(original.size());
    for (std::size_t at = 0; at < original.size();) at += mark(original, at);
}

/// Takes over what stands at `at`, as a marker where it is a placeholder; returns its length.
std::size_t MarkedText::mark(std::string_view original, std::size_t at) {
    if (original.substr(at, 2) == "%%") {
        text_ += "%%";
        return 2;
    }
    const auto name = placeholder_name_at(original, at);
    if (!name) {
        text_ += original[at];
        return 1;
    }
    const std::size_t length = name->size() + 3;
    const Placeholder* placeholder = find_placeholder(*name);
    std::string marker = placeholder ? known_ + placeholder->letter : unknown_;
    if (!placeholder) unknowns_.push_back({at, std::string(*name)});
    marker.resize(length - 1, kPadding);
    text_ += marker + kEnd;
    return length;
}

std::string MarkedText::fill(std::string_view scalar, const PlaceholderValues& values) const {
    std::string filled;
    for (std::size_t at = 0; at < scalar.size() && filled.size() <= kLargestFilled;) {
        const std::string_view rest = scalar.substr(at);
        if (rest.starts_with("%%")) {
            filled += '%';
            at += 2;
        } else if (rest.starts_with(known_)) {
            filled += value_for(rest[kMarkerBytes], values);
            at = behind_marker(scalar, at);
        } else if (rest.starts_with(unknown_)) {
            filled += "unknown";
            at = behind_marker(scalar, at);
        } else {
            filled += scalar[at++];
        }
    }
    return filled;
}

std::vector<MarkedText::Unknown> MarkedText::unknown_in(std::string_view scalar, std::size_t offset) const {
    std::vector<Unknown> found;
    auto next = std::lower_bound(
        unknowns_.begin(), unknowns_.end(), offset, [](const Unknown& unknown, std::size_t at) {
            return unknown.offset < at;
        });
    for (std::size_t at = scalar.find(unknown_); at != std::string_view::npos && next != unknowns_.end();
         at = scalar.find(unknown_, at + kMarkerBytes))
        found.push_back(*next++);
    return found;
}

std::string about_unknown_placeholder(std::string_view name) {
    std::vector<std::string_view> names;
    std::vector<std::string> shown;
    for (const Placeholder& placeholder : kPlaceholders) {
        names.push_back(placeholder.name);
        shown.push_back("%{" + std::string(placeholder.name) + "}");
    }
    const std::string sentence = quoted("%{" + std::string(name) + "}") + " is no placeholder: ";
    if (const auto meant = closest_word(name, names))
        return sentence + "did you mean %{" + std::string(*meant) + "}?";
    return sentence + "there are " + in_words(shown);
}

}  // namespace heddle
