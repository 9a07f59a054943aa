// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "workflows/webhooks/webhook.hpp"

namespace heddle {

/// The secret that a forge sends as it is, in a header of its own; nullopt: there is no such header.
std::optional<std::string> plain_secret(const WebhookHeaders& headers);

}  // namespace heddle
