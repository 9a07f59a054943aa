// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "app/compose_doctor.hpp"
#include "app/postgres/forge_store.hpp"
#include "app/postgres/token_list.hpp"

namespace heddle {

/// Of the forges behind ssh that tokens are made for: is there a program ssh, is the host's key known, has
/// each token a key. Nothing where there is no such forge. No host is asked.
std::vector<Finding> examine_ssh(const std::vector<Forge>& forges, const std::vector<ListedToken>& tokens);

}  // namespace heddle
