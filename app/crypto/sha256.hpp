// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace heddle {

/// SHA-256, 32 bytes (FIPS 180-4). For secrets that are random enough to need no slow hash: session cookies.
std::string sha256(std::string_view text);

/// Are both the same? Takes as long for a wrong secret as for the right one: digests of fixed length are
/// compared.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace heddle
