// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workflows/webhooks/webhook_reading.hpp"

namespace heddle {

/// GitHub's payloads: https://docs.github.com/en/webhooks/webhook-events-and-payloads
WebhookReading read_github_event(std::string_view event_name, Payload& payload);

}  // namespace heddle
