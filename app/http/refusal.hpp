// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace heddle {

/// Why the server itself turns a request down.
struct Refusal {
    int status = 400;
    std::string sentence;
};

}  // namespace heddle
