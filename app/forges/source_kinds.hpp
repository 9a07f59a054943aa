// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "reporters/http_transport.hpp"
#include "workflows/ports/config_source.hpp"

namespace heddle {

/// The configuration sources of all kinds of forges that are asked over HTTP, by kind. `transport` must
/// outlive them; they are as thread-safe as it is.
std::map<std::string, std::shared_ptr<ConfigSource>> http_sources(HttpTransport& transport);

}  // namespace heddle
