// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heddle {

/// RFC 4648, section 4, with padding.
std::string to_base64(std::string_view bytes);

/// White space is skipped, as MIME and the forges' APIs put line ends in. Nothing for other strangers' bytes
/// or a length that can't be.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace heddle
