// SPDX-License-Identifier: Apache-2.0
#include "app/web/shown_text.hpp"

#include <algorithm>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr std::string_view kReplacement = "\uFFFD";

/// U+061C, U+200E, U+200F, U+202A..U+202E, U+2066..U+2069 (Unicode's Bidi_Control).
bool turns_direction(std::string_view character) {
    if (character == "\u061C") return true;
    if (character.size() != 3 || character[0] != '\xE2') return false;
    const auto second = static_cast<unsigned char>(character[1]);
    const auto third = static_cast<unsigned char>(character[2]);
    if (second == 0x80) return third == 0x8E || third == 0x8F || (third >= 0xAA && third <= 0xAE);
    return second == 0x81 && third >= 0xA6 && third <= 0xA9;
}

std::size_t length_of(unsigned char lead) {
    return lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
}

}  // namespace

std::string shown_text(std::string_view text, std::size_t longest) {
    const std::size_t indent = std::min(text.find_first_not_of(' '), text.size());
    const std::string line = std::string(indent, ' ') + one_line(text.substr(indent));
    std::string shown;
    for (std::size_t at = 0; at < line.size();) {
        const std::string_view character =
            std::string_view(line).substr(at, length_of(static_cast<unsigned char>(line[at])));
        if (shown.size() + character.size() > longest) return shown + "...";
        shown += turns_direction(character) ? kReplacement : character;
        at += character.size();
    }
    return shown;
}

std::vector<std::string> shown_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.push_back(shown_text(line));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string url_part(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string part;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (kPlain.find(c) != std::string_view::npos)
            part += c;
        else
            part += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
    return part;
}

std::string link_below(const std::string& origin, const std::string& url) {
    const bool is_web = origin.starts_with("https://") || origin.starts_with("http://");
    if (!is_web || !url.starts_with(origin)) return {};
    if (!origin.ends_with('/') && url.substr(origin.size(), 1) != "/") return {};
    const bool is_plain = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c != 0x7F; });
    return is_plain ? url : std::string();
}

}  // namespace heddle
