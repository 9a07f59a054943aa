// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/build_service/obs/obs_client.hpp"
#include "app/config/config.hpp"

namespace heddle {

// What an administrator wants to know of an Open Build Service before anything is built there. Nothing is
// changed. Both throw RemoteError.

/// Who answers, in a few words: "knows heddle", "the source server of an OBS". `account`: the login that
/// `client` shows, which a frontend checks.
std::string greet_obs(ObsClient& client, BuildServiceConfig::Dialect dialect, const std::string& account);

/// What stands against changing that project, in one sentence; nullopt: nothing that can be seen from
/// outside.
std::optional<std::string> why_not_changed(ObsClient& client,
                                           BuildServiceConfig::Dialect dialect,
                                           const std::string& account,
                                           const std::string& project);

}  // namespace heddle
