// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "workflows/webhooks/webhook_reading.hpp"

namespace heddle {

/// How the deliveries of one forge are told and read.
struct WebhookKind {
    std::string_view event_header;
    std::string_view forge_kind;                         // empty: a forge that is known and not supported
    std::string_view forge_name;                         // for people
    std::array<std::string_view, 2> delivery_headers{};  // the first that was sent counts (design 4.9)
    bool takes_form = false;                             // may send the JSON as the field `payload` of a form
    WebhookReading (*read)(std::string_view event_name, Payload& payload) = nullptr;
};

/// The one whose event header was sent; nullptr: there is none.
const WebhookKind* webhook_kind_of(const WebhookHeaders& headers);

}  // namespace heddle
