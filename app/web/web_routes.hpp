// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "app/http/routes.hpp"
#include "app/web/web_parts.hpp"

namespace heddle {

/// The pages for people: sign in and out, the list of runs, a run as a story, its configuration and build
/// logs, the style sheet. Who sees what: design 6.3.
std::vector<Route> web_routes(const WebParts& parts);

}  // namespace heddle
