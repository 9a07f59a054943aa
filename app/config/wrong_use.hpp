// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace heddle {

/// What the user gave (an argument, a file, a repository) can't be used: one sentence with its place, exit 2.
struct WrongUse : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace heddle
