// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/http/http_message.hpp"

namespace heddle {

/// The head of an answer as it goes out, with Date, Content-Type, Content-Length and Connection. Throws
/// std::logic_error for a header that would end its line early, or that the server writes itself.
std::string answer_head(const ServerResponse& response, bool keep_alive);

/// "Not Found" for 404 (RFC 9110, section 15).
std::string_view reason_phrase(int status);

/// Answers with this status have no body.
bool is_bodiless(int status);

}  // namespace heddle
