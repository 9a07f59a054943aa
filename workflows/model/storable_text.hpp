// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace heddle {

/// What PostgreSQL can keep as text: NUL and bytes that are no UTF-8 become U+FFFD. For words that come from
/// outside and are only shown (messages, files as they were read), never for names.
std::string storable_text(std::string_view text);

/// What a text begins with: at most `longest` bytes, cut between two characters of UTF-8.
std::string_view beginning_of(std::string_view text, std::size_t longest);

}  // namespace heddle
