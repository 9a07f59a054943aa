// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config/config.hpp"

namespace heddle {

/// One key of the configuration: where it stands, and how its text becomes a value.
struct Setting {
    std::string_view section;  // empty: a key of the top level; "build_events.rabbitmq": of one in another
    std::string_view key;
    /// Sets the value; returns what is wrong with `text` instead ("must be a number from 1 to 256").
    std::optional<std::string> (*apply)(Config& config, const std::string& text);
};

/// All keys, in the order of the documentation.
const std::vector<Setting>& settings();

/// Sets the value unless its text is wrong, as `Setting::apply`; text that no value may be (control
/// characters, broken UTF-8) is wrong for every key.
std::optional<std::string> apply_setting(const Setting& setting, Config& config, const std::string& text);

/// "builder.workers", "data_dir", "build_events.rabbitmq.url".
std::string name_of(const Setting& setting);

/// "HEDDLE_BUILDER_WORKERS", "HEDDLE_DATA_DIR", "HEDDLE_BUILD_EVENTS_RABBITMQ_URL".
std::string environment_name(const Setting& setting);

}  // namespace heddle
