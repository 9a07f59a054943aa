// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/http/http_message.hpp"
#include "app/inbox/inbox.hpp"

namespace heddle {

/// The inbox's answer as OBS words it (reference 1.3): a status document with a header X-Opensuse-Errorcode
/// when it is a refusal; as JSON when the request's Accept asks for that.
ServerResponse obs_status(const ServerRequest& request, const InboxAnswer& answer);

/// The code for what the server refuses by itself: "payload_too_large" for 413.
std::string obs_code(int status);

}  // namespace heddle
