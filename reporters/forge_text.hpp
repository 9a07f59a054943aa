// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace heddle {

/// Text of at most `most` characters (code points): what is longer ends with "…". For valid UTF-8. Pure.
std::string cut_to(const std::string& text, std::size_t most);

/// The same for a name, `most` >= 20: what is longer ends with a digest of the whole, so that different names
/// stay different. Pure.
std::string short_name(const std::string& name, std::size_t most);

/// A stranger's text as one segment of a URL's path: all but unreserved characters (RFC 3986) become %XX, '/'
/// too. nullopt: "", "." and "..", which would mean another path. Pure.
std::optional<std::string> path_segment(std::string_view text);

/// "owner/name" as segments with `separator` between them. nullopt: not two or more segments. Pure.
std::optional<std::string> path_segments(std::string_view full_name, std::string_view separator = "/");

}  // namespace heddle
