// SPDX-License-Identifier: Apache-2.0
#include "app/config/basic_login.hpp"

#include <cstddef>

#include "app/config/plain_text.hpp"

namespace heddle {

bool is_basic_login(std::string_view text) {
    constexpr std::size_t kLongest = 255;
    return !text.empty() && text.size() <= kLongest && text.find(':') == std::string_view::npos &&
           is_plain_text(text);
}

}  // namespace heddle
