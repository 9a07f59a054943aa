// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/config/load_config.hpp"

namespace heddle {

/// Of the names of variables those that begin with HEDDLE_ and mean nothing: each is a problem that tells
/// what is known, or which known one is nearest. Passed over are HEDDLE_CONFIG, what a recipe is told, what
/// ./dev and the tests tell each other, HEDDLE_VERSION, and what Kubernetes and Docker set beside a service
/// called heddle or heddle-SOMETHING: names as HEDDLE_SERVICE_HOST or HEDDLE_PORT_8080_TCP, and HEDDLE_PORT
/// where it is a URL (https://kubernetes.io/docs/concepts/services-networking/service, "Environment
/// variables"; https://docs.docker.com/engine/network/links, "Environment variables").
std::vector<ConfigProblem> unknown_variables(const std::vector<std::string>& names,
                                             const std::function<const char*(const char*)>& environment);

}  // namespace heddle
