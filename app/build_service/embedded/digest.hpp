// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace heddle {

/// MD5 as 32 hex digits: a name for sources that the world of OBS understands, no protection.
std::string md5_hex(const std::string& text);

/// SHA-256, 32 raw bytes.
std::string sha256(const std::string& bytes);

/// Lower-case hex of raw bytes.
std::string to_hex(const std::string& bytes);

}  // namespace heddle
