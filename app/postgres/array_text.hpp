// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace heddle {

/// The text form of a PostgreSQL array, as a parameter: $1::bigint[] or $1::text[].
inline std::string array_text(const std::vector<std::int64_t>& items) {
    std::string out = "{";
    for (const std::int64_t item : items) {
        if (out.size() > 1) out += ',';
        out += std::to_string(item);
    }
    return out + "}";
}

inline std::string array_text(const std::vector<std::string>& items) {
    std::string out = "{";
    for (const std::string& item : items) {
        if (out.size() > 1) out += ',';
        out += '"';
        for (const char c : item) {
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
        out += '"';
    }
    return out + "}";
}

}  // namespace heddle
