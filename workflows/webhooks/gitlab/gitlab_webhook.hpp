// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workflows/webhooks/webhook_reading.hpp"

namespace heddle {

/// GitLab's payloads: https://docs.gitlab.com/user/project/integrations/webhook_events/
WebhookReading read_gitlab_event(std::string_view event_name, Payload& payload);

}  // namespace heddle
