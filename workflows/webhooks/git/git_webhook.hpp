// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workflows/webhooks/webhook_reading.hpp"

namespace heddle {

/// Our own event for repositories without a web service: docs/git-events.md.
WebhookReading read_git_event(std::string_view event_name, Payload& payload);

}  // namespace heddle
