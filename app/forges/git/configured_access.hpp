// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "app/config/config.hpp"
#include "app/forges/git/mirror.hpp"

namespace heddle {

/// The forges that are known at this moment. Called by several threads at once.
using KnownForges = std::function<std::vector<ForgeConfig>()>;

/// Git over the network for what belongs to no token, such as the sources of packages: as everybody, never
/// with a credential, so not by ssh. A private network is entered only where one of the forges is said to lie
/// in it.
GitOverNetwork git_over_network(HttpClient& client, KnownForges forges);

}  // namespace heddle
