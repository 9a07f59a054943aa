// SPDX-License-Identifier: Apache-2.0
#include "app/config/plain_text.hpp"

#include <cstddef>

namespace heddle {

// A NUL would cut the value short wherever C reads it.
bool is_plain_text(std::string_view text) {
    std::size_t rest = 0;          // continuation bytes still to come
    unsigned least = 0, sign = 0;  // the smallest code point that needs so many bytes; the one being read
    for (const unsigned char c : text) {
        if (rest > 0) {
            if ((c & 0xC0) != 0x80) return false;
            sign = sign << 6 | (c & 0x3Fu);
            if (--rest == 0 && (sign < least || sign > 0x10FFFF || (sign >= 0xD800 && sign < 0xE000)))
                return false;
        } else if (c >= 0x80) {
            rest = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
            if (c < 0xC2 || c > 0xF4) return false;
            least = rest == 3 ? 0x10000 : rest == 2 ? 0x800 : 0x80;
            sign = c & (0x3Fu >> rest);
        } else if (c < 0x20 || c == 0x7F) {
            return false;
        }
    }
    return rest == 0;
}

}  // namespace heddle
