// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heddle {

/// What a request asks for.
struct RequestTarget {
    std::string path;                   // decoded, the segments joined by '/'
    std::vector<std::string> segments;  // each decoded by itself: a "%2F" does not split one
    std::vector<std::pair<std::string, std::string>> query;  // decoded, a '+' is a space
};

/// Reads a raw request target: a path, or a whole URL (RFC 9112, section 3.2), whose authority is of no
/// interest, or "*". nullopt: it is malformed, or decodes to NUL or to what is no UTF-8.
std::optional<RequestTarget> parse_target(std::string_view target);

}  // namespace heddle
