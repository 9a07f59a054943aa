// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "reporters/http_transport.hpp"
#include "reporters/reporter.hpp"

namespace heddle {

/// The reporters of all kinds of forges that are told over HTTP, by kind. `transport` must outlive them; they
/// are as thread-safe as it is.
std::map<std::string, std::shared_ptr<Reporter>> http_reporters(HttpTransport& transport);

}  // namespace heddle
