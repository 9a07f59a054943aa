// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace heddle {

/// Why a text that simdjson refused is no JSON that we take: one sentence, with line and column (in bytes,
/// from 1) where something is misplaced.
std::string why_not_json(std::string_view text);

}  // namespace heddle
