// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workflows/webhooks/webhook_reading.hpp"

namespace heddle {

/// Payloads of Gitea (https://docs.gitea.com/usage/webhooks) and of Forgejo, which are the same.
WebhookReading read_gitea_event(std::string_view event_name, Payload& payload);

}  // namespace heddle
