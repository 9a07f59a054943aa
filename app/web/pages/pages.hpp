// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/http/http_message.hpp"
#include "app/web/password_gate.hpp"
#include "app/web/web_parts.hpp"

namespace heddle {

/// One function per route; web_routes.cpp says which.

ServerResponse show_sign_in(const WebParts& parts, const ServerRequest& request);
ServerResponse sign_in(const WebParts& parts, PasswordGate& gate, const ServerRequest& request);
ServerResponse sign_out(const WebParts& parts, const ServerRequest& request);

ServerResponse show_runs(const WebParts& parts, const ServerRequest& request);
ServerResponse show_run(const WebParts& parts, const ServerRequest& request);
/// The configuration as it was read.
ServerResponse show_configuration(const WebParts& parts, const ServerRequest& request);
/// The log so far.
ServerResponse show_build_log(const WebParts& parts, const ServerRequest& request);

ServerResponse show_style(const ServerRequest& request);

}  // namespace heddle
