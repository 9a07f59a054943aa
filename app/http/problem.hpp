// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/http/http_message.hpp"

namespace heddle {

/// A refusal as RFC 9457 has it: application/problem+json with title, status and one sentence of detail.
ServerResponse problem(int status, const std::string& detail);

}  // namespace heddle
