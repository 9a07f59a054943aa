// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/config.hpp"

namespace heddle {

/// One key of a forge.
struct ForgeSetting {
    std::string_view key;
    /// Sets the value; returns what is wrong with `text` instead ("must be true or false"). What a URL may be
    /// depends on the kind: set that first.
    std::optional<std::string> (*apply)(ForgeConfig& forge, const std::string& text);
};

/// All keys of a forge, in the order in which they must be set.
const std::vector<ForgeSetting>& forge_settings();

/// Keys that a forge of this kind can't do without and that are empty.
std::vector<std::string_view> missing_settings(const ForgeConfig& forge);

}  // namespace heddle
