// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "app/compose_doctor.hpp"
#include "app/config/config.hpp"
#include "app/postgres/build_service_credential_store.hpp"

namespace heddle {

/// Is the build service an Open Build Service?
bool uses_obs(const Config& config);

/// The logins that are stored for it, but for those of users who are not active. The key file fits.
std::vector<BuildServiceCredential> stored_logins(const Config& config, pqxx::connection& connection);

/// Does it answer, does it know us by each login, and may that project be changed? Asks it.
std::vector<Finding> examine_obs(const Config& config,
                                 const std::vector<BuildServiceCredential>& logins,
                                 const std::optional<std::string>& project);

/// Can the message bus of build events be listened to? Nothing where none is configured. Makes no queue that
/// stays.
std::vector<Finding> examine_bus(const Config& config);

/// Who of Heddle's users may change that project, or any at all? Who has a login of his own needs no grant.
Finding examine_grants(pqxx::connection& connection,
                       const std::vector<BuildServiceCredential>& logins,
                       const std::optional<std::string>& project);

}  // namespace heddle
