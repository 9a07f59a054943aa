// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/config/amqp_url.hpp"

namespace heddle {

/// What to mend where no connection to a bus comes about. `status`: what librabbitmq says (amqp.h, enum
/// amqp_status_enum_); a status that tells nothing about the place is told in the library's words. Pure.
std::string describe_bus_trouble(int status, const AmqpUrl& url);

}  // namespace heddle
