// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reporters/http_transport.hpp"

namespace heddle {

/// Does nothing when a forge's answer is a success (2xx); otherwise throws the RemoteError that it means.
/// `doing`: what was attempted ("report to src").
///
/// 401 is BadCredentials. 408, 429, 5xx, and a 403 that tells of a rate limit (Retry-After, no requests left,
/// or its message: the vendors' pages on rate limits describe all three) are Retry, with the pause that the
/// forge asks for. Everything else, a redirect too, is GiveUp. The reason carries the forge's own message in
/// one line, without the credential.
void require_success(const HttpResponse& response, const ForgeAccess& access, const std::string& doing);

/// What a forge says in the body of a refusal, as one short line: "message" or "error" of its JSON with the
/// details that stand beside it; of other text the beginning. Empty: it says nothing, or with a web page.
/// Pure.
std::string message_of(const HttpResponse& response);

}  // namespace heddle
