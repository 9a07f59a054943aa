// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "reporters/http_transport.hpp"
#include "workflows/ports/config_source.hpp"

namespace heddle {

/// The configuration sources of all kinds of forges that are asked over HTTP, by kind. `transport` must
/// outlive them; they are as thread-safe as it is.
std::map<std::string, std::shared_ptr<ConfigSource>> http_sources(HttpTransport& transport);

/// The reference under which a forge of that kind keeps the head of a pull request in the repository that it
/// is for; empty: such a forge keeps none.
std::string pull_reference(const std::string& kind, std::int64_t number);

}  // namespace heddle
