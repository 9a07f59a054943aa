// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace heddle {

/// Equal but for the case of ASCII letters.
bool same_word(std::string_view left, std::string_view right);

/// Without spaces and tabs at its ends.
std::string_view trimmed(std::string_view text);

/// The parts between separators; there is always at least one.
std::vector<std::string_view> split(std::string_view text, char separator);

/// Only the characters of a method or a header's name (RFC 9110, section 5.6.2), and at least one.
bool is_token(std::string_view text);

/// No control character but the tab: nothing that ends a header line early (RFC 9110, section 5.5).
bool is_header_value(std::string_view text);

/// One of the elements of a comma-separated list, in any spelling.
bool lists(std::string_view list, std::string_view element);

}  // namespace heddle
