// SPDX-License-Identifier: Apache-2.0
#include "app/config/password_rule.hpp"

#include <algorithm>

#include "app/config/plain_text.hpp"

namespace heddle {
namespace {

constexpr std::ptrdiff_t kShortest = 12;  // characters; what people choose is guessed first

bool begins_character(unsigned char c) { return (c & 0xC0) != 0x80; }

}  // namespace

std::optional<std::string> why_no_password(std::string_view text) {
    if (!is_plain_text(text)) return "must be printable UTF-8 text";
    if (std::count_if(text.begin(), text.end(), begins_character) < kShortest)
        return "must have at least 12 characters";
    return std::nullopt;
}

}  // namespace heddle
