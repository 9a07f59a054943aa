// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace heddle {

/// Is this the version of a workflow file: numbers with dots between them?
bool is_version(std::string_view text);

/// From version 1.1 on `merge_request` means `pull_request` (reference 5.3). Segments compare as numbers, so
/// 1.10 is more than 1.9. The text must be a version.
bool has_merge_request_alias(std::string_view version);

}  // namespace heddle
