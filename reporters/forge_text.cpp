// SPDX-License-Identifier: Apache-2.0
#include "reporters/forge_text.hpp"

#include <cstdint>

namespace heddle {
namespace {

constexpr std::string_view kDots = "…";
constexpr std::size_t kDigestDigits = 16;

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

/// Where the character number `count` begins; npos: there are not more than `count`.
std::size_t start_of_character(std::string_view text, std::size_t count) {
    for (std::size_t at = 0; at < text.size(); ++at)
        if (begins_character(text[at]) && count-- == 0) return at;
    return std::string_view::npos;
}

std::string hexadecimal(std::uint64_t number, std::size_t digits) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string text(digits, '0');
    for (std::size_t i = digits; i-- > 0; number >>= 4) text[i] = kDigits[number & 15];
    return text;
}

/// FNV-1a, 64 bits: nobody has to be kept from finding equal ones, they only must not happen.
std::uint64_t digest(std::string_view text) {
    std::uint64_t sum = 0xcbf29ce484222325;
    for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return sum;
}

bool is_unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string cut_to(const std::string& text, std::size_t most) {
    if (start_of_character(text, most) == std::string_view::npos) return text;
    return text.substr(0, start_of_character(text, most - 1)) + std::string(kDots);
}

std::string short_name(const std::string& name, std::size_t most) {
    if (start_of_character(name, most) == std::string_view::npos) return name;
    return cut_to(name, most - kDigestDigits) + hexadecimal(digest(name), kDigestDigits);
}

std::optional<std::string> path_segment(std::string_view text) {
    if (text.empty() || text == "." || text == "..") return std::nullopt;
    std::string segment;
    for (const char c : text) {
        if (is_unreserved(c))
            segment += c;
        else
            segment += "%" + hexadecimal(static_cast<unsigned char>(c), 2);
    }
    return segment;
}

std::optional<std::string> path_segments(std::string_view full_name, std::string_view separator) {
    std::string path;
    if (full_name.find('/') == std::string_view::npos) return std::nullopt;
    for (;;) {
        const auto end = full_name.find('/');
        const auto segment = path_segment(full_name.substr(0, end));
        if (!segment) return std::nullopt;
        path += *segment;
        if (end == std::string_view::npos) return path;
        path += separator;
        full_name.remove_prefix(end + 1);
    }
}

}  // namespace heddle
