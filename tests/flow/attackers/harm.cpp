// SPDX-License-Identifier: Apache-2.0
#include "tests/flow/attackers/harm.hpp"

#include <cstdint>
#include <cstdio>

namespace heddle::test {
namespace {

bool is_harmful(std::uint32_t c) {
    const bool is_control = (c < 0x20 && c != '\n') || (c >= 0x7F && c < 0xA0);
    const bool turns = c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
                       (c >= 0x2066 && c <= 0x2069);
    return is_control || turns || c == 0x2028 || c == 0x2029;
}

std::string named(const char* what, std::uint32_t value, std::size_t at) {
    char text[64];
    std::snprintf(text, sizeof text, "%s%04X at byte %zu", what, value, at);
    return text;
}

}  // namespace

std::string harm_in(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t length = lead < 0x80   ? 1
                                   : lead < 0xC2 ? 0
                                   : lead < 0xE0 ? 2
                                   : lead < 0xF0 ? 3
                                   : lead < 0xF5 ? 4
                                                 : 0;
        if (length == 0 || at + length > text.size()) return named("no UTF-8: ", lead, at);
        std::uint32_t c = length == 1 ? lead : lead & (0x7Fu >> length);
        for (std::size_t i = 1; i < length; ++i) {
            const auto byte = static_cast<unsigned char>(text[at + i]);
            if ((byte & 0xC0) != 0x80) return named("no UTF-8: ", byte, at + i);
            c = (c << 6) | (byte & 0x3F);
        }
        if (is_harmful(c)) return named("U+", c, at);
        at += length;
    }
    return {};
}

}  // namespace heddle::test
