// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heddle {

/// What keeps a text from being somebody's password, as the rest of a sentence: "must have at least 12
/// characters". nullopt: nothing. Pure.
std::optional<std::string> why_no_password(std::string_view text);

}  // namespace heddle
