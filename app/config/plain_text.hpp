// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace heddle {

/// Well-formed UTF-8 without control characters: what may be a name, and is shown as it stands.
bool is_plain_text(std::string_view text);

}  // namespace heddle
