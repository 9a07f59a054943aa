// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/build_service/obs/obs_client.hpp"

namespace heddle {

// Many packages in one request. Pure.

/// The names in their order, as many at once as one request may have: `most`, and fewer where they are so
/// long that its line would not stay well below the 8 KiB that servers take.
std::vector<std::vector<std::string>> in_batches(const std::vector<std::string>& names, std::size_t most);

/// The query, with a parameter "package" for each.
ObsQuery naming(const std::vector<std::string>& packages, ObsQuery query);

}  // namespace heddle
