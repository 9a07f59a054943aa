// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "app/compose_doctor.hpp"
#include "app/config/config.hpp"

namespace heddle {

/// Is the build service an Open Build Service?
bool uses_obs(const Config& config);

/// Does it answer, does it know us, and may that project be changed? Asks it.
std::vector<Finding> examine_obs(const Config& config, const std::optional<std::string>& project);

/// Can the message bus of build events be listened to? Nothing where none is configured. Makes no queue that
/// stays.
std::vector<Finding> examine_bus(const Config& config);

/// Who of Heddle's users may change that project, or any at all?
Finding examine_grants(pqxx::connection& connection, const std::optional<std::string>& project);

}  // namespace heddle
