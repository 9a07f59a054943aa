// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace heddle {

/// A secret that nobody guesses: 192 random bits as 32 characters of A-Za-z0-9+/, the character set of the
/// secrets that OBS makes for its tokens.
std::string random_secret();

}  // namespace heddle
