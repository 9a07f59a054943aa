// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace heddle {

/// What a person makes of a request.
enum class RequestDecision { Accept, Decline, Revoke };

/// "accept", "decline", "revoke".
std::string_view to_string(RequestDecision decision);

}  // namespace heddle
