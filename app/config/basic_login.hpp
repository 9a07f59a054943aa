// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace heddle {

/// Can that be the login of HTTP Basic (RFC 7617)? Printable UTF-8 of at most 255 bytes without a colon,
/// which ends it there. Pure.
bool is_basic_login(std::string_view text);

/// What is_basic_login() wants, as the rest of a sentence: "must be a login ...".
inline constexpr const char* kBasicLoginRule =
    "must be a login of at most 255 characters, without colons and control characters";

}  // namespace heddle
