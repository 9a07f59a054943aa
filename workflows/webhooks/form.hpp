// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heddle {

/// The value of the field `name` of a body of type application/x-www-form-urlencoded (WHATWG URL,
/// section 5.1), decoded; the first where there are several. nullopt: no such field, or a '%' without two
/// hexadecimal digits in it.
std::optional<std::string> form_field(std::string_view body, std::string_view name);

}  // namespace heddle
