// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/log_line.hpp"

#include <algorithm>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr std::size_t kLongest = 500;

bool is_plain(std::string_view value) {
    constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+";
    return !value.empty() && value.find_first_not_of(kPlain) == std::string_view::npos;
}

/// Never in the middle of a character.
std::string cut(std::string text) {
    if (text.size() <= kLongest) return text;
    std::size_t end = kLongest;
    while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end) + "...";
}

}  // namespace

LogLine& LogLine::add(std::string_view name, std::string_view value) {
    const std::string line = cut(one_line(value));
    if (is_plain(line)) return add_plain(name, line);
    std::string in_quotes = "\"";
    for (const char c : line) {
        if (c == '"' || c == '\\') in_quotes += '\\';
        in_quotes += c;
    }
    return add_plain(name, in_quotes + "\"");
}

LogLine& LogLine::add_plain(std::string_view name, std::string_view value) {
    text_ += ' ';
    text_ += name;
    text_ += '=';
    text_ += value;
    return *this;
}

}  // namespace heddle
