// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/wording.hpp"

#include <algorithm>

namespace heddle {
namespace {

constexpr std::size_t kLongestShown = 80;
// Comparing costs length times length: nobody misspells a key of this size by one letter.
constexpr std::size_t kLongestCompared = 64;

std::string escape(unsigned char byte) {
    switch (byte) {
        case '\n': return "\\n";
        case '\r': return "\\r";
        case '\t': return "\\t";
        default: break;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    return {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
}

unsigned char byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

/// How many bytes the well-formed character at `at` has; 0 when there is none.
std::size_t length_of_character(std::string_view text, std::size_t at) {
    const unsigned char lead = byte_at(text, at);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte_at(text, at + i) & 0xC0) != 0x80) return 0;
    const unsigned char second = byte_at(text, at + 1);
    const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    const bool not_unicode = (lead == 0xED && second >= 0xA0) || (lead == 0xF4 && second >= 0x90);
    return overlong || not_unicode ? 0 : length;
}

/// The character at `at`, or the byte that belongs to none.
std::string_view character_at(std::string_view text, std::size_t at) {
    return text.substr(at, std::max<std::size_t>(length_of_character(text, at), 1));
}

/// Of three bytes: U+200E, U+200F, U+2028..U+202E and U+2066..U+2069.
bool ends_or_turns_line(std::string_view character) {
    if (character[0] != '\xE2') return false;
    const unsigned char second = byte_at(character, 1), third = byte_at(character, 2);
    if (second == 0x80) return third == 0x8E || third == 0x8F || (third >= 0xA8 && third <= 0xAE);
    return second == 0x81 && third >= 0xA6 && third <= 0xA9;
}

/// Not so: controls, and what ends a line or turns its direction around (Unicode's Bidi_Control), so that it
/// reads as something else.
bool is_visible(std::string_view character) {
    const unsigned char lead = byte_at(character, 0);
    switch (character.size()) {
        case 1: return lead >= 0x20 && lead < 0x7F;  // or a byte of no character
        case 2: return !(lead == 0xC2 && byte_at(character, 1) < 0xA0) && character != "\u061C";
        case 3: return !ends_or_turns_line(character);
        default: return true;
    }
}

/// Letters to add, drop, replace or swap with their neighbour.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    const std::size_t width = b.size() + 1;
    std::vector<std::size_t> costs((a.size() + 1) * width);
    const auto cost = [&](std::size_t i, std::size_t j) -> std::size_t& { return costs[i * width + j]; };
    for (std::size_t i = 0; i <= a.size(); ++i) cost(i, 0) = i;
    for (std::size_t j = 0; j <= b.size(); ++j) cost(0, j) = j;
    for (std::size_t i = 1; i <= a.size(); ++i)
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = cost(i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1);
            cost(i, j) = std::min({replaced, cost(i - 1, j) + 1, cost(i, j - 1) + 1});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) cost(i, j) = std::min(cost(i, j), cost(i - 2, j - 2) + 1);
        }
    return cost(a.size(), b.size());
}

/// How many bytes an absolute path or file:// URL has that begins at `at`; 0: none does.
std::size_t local_path_at(std::string_view text, std::size_t at) {
    constexpr std::string_view scheme = "file://";
    const char before = at == 0 ? ' ' : text[at - 1];
    if (std::string_view(" \t\"'`([{=:,;").find(before) == std::string_view::npos) return 0;
    std::string_view path = text.substr(at);
    const std::size_t front = path.starts_with(scheme) ? scheme.size() : 0;
    path.remove_prefix(front);
    if (path.size() < 2 || (front == 0 && (path[0] != '/' || path[1] == '/')) || path.starts_with("/usr/"))
        return 0;
    // In quotes a path may have spaces; else it ends with the word.
    const bool in_quotes = before == '"' || before == '\'' || before == '`';
    std::size_t length =
        std::min(in_quotes ? path.find(before) : path.find_first_of(" \t\"'`()<>[]{},;"), path.size());
    while (length > 0 && !in_quotes && (path[length - 1] == ':' || path[length - 1] == '.')) --length;
    return length < 2 ? 0 : front + length;
}

}  // namespace

std::string quoted(std::string_view text) {
    std::string shown = "\"";
    std::size_t characters = 0;
    for (std::size_t at = 0; at < text.size();) {
        if (++characters > kLongestShown) return shown + "...\"";
        const std::string_view next = character_at(text, at);
        at += next.size();
        if (is_visible(next))
            shown += next;
        else
            for (const char byte : next) shown += escape(static_cast<unsigned char>(byte));
    }
    return shown + "\"";
}

std::string one_line(std::string_view text) {
    std::string line;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view next = character_at(text, at);
        at += next.size();
        if (is_visible(next))
            line += next;
        else
            line += byte_at(next, 0) < 0x80 ? " " : "\uFFFD";
    }
    const auto first = line.find_first_not_of(' ');
    if (first == std::string::npos) return {};
    return line.substr(first, line.find_last_not_of(' ') - first + 1);
}

std::string without_local_paths(std::string_view text) {
    std::string shown;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = local_path_at(text, at);
        if (length == 0) {
            shown += text[at++];
            continue;
        }
        std::string_view path = text.substr(at, length);
        while (path.ends_with('/')) path.remove_suffix(1);
        shown += "\u2026" + std::string(path.substr(path.rfind('/')));
        at += length;
    }
    return shown;
}

std::optional<std::string_view> closest_word(std::string_view word,
                                             const std::vector<std::string_view>& candidates) {
    if (word.size() > kLongestCompared) return std::nullopt;
    std::optional<std::string_view> closest;
    std::size_t fewest = word.size() / 3 + 1;
    for (std::string_view candidate : candidates) {
        // Each letter more or less is a change.
        if (word.size() >= candidate.size() + fewest || candidate.size() >= word.size() + fewest) continue;
        const std::size_t changes = edit_distance(word, candidate);
        if (changes >= fewest) continue;
        fewest = changes;
        closest = candidate;
    }
    return closest;
}

std::string in_words(const std::vector<std::string>& parts) {
    std::string joined;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) joined += i + 1 == parts.size() ? " and " : ", ";
        joined += parts[i];
    }
    return joined;
}

}  // namespace heddle
