// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "workflows/webhooks/webhook.hpp"

namespace heddle {

/// Does a header of that name carry a secret, or what is made of one: credentials, cookies, signatures?
bool is_secret_header(std::string_view name);

/// The headers as JSON [[name, value]], fit for storing and showing: values of secret headers, and those that
/// hold `secret` (empty: none) or a URL with user and password, are replaced (defect D2 of reference 13),
/// bytes that are no text too.
std::string redacted_json(const WebhookHeaders& headers, const std::string& secret);

/// Reads back what redacted_json wrote.
WebhookHeaders headers_from_json(const std::string& json);

}  // namespace heddle
