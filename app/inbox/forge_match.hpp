// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace heddle {

/// Does `url` lie at or below `base`: same scheme, host and port (the default one may be left out), and a
/// path that continues base's at a "/"? For two absolute paths (plain git) the same of the paths. Addresses
/// with a user in them and paths with "..", however written, lie nowhere.
bool lies_below(std::string_view url, std::string_view base);

}  // namespace heddle
