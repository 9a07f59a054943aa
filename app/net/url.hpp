// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heddle {

/// An absolute http or https URL taken apart (RFC 3986). A value that parse_url() made can be put on the
/// wire.
struct Url {
    std::string scheme;  // "http", "https"
    std::string host;    // lower case; an IPv6 address without its brackets
    int port = 0;
    std::string target;  // encoded path and query as a request names them, begins with '/'

    /// Scheme, host and port, written as WebUrl::origin() does.
    std::string origin() const;
    /// What the header Host says: the port only where it is not the scheme's own.
    std::string authority() const;
};

/// Nothing for what is no such URL, and for what different readers could take for different places: user
/// information, backslashes, a fragment, bytes that should be percent-encoded.
std::optional<Url> parse_url(std::string_view text);

/// Scheme, host and port are equal.
bool same_origin(const Url& a, const Url& b);

/// Percent-encodes everything but letters, digits and "-._~": for one segment of a path or one value of a
/// query.
std::string url_encoded(std::string_view text);

/// The same, "/" stays: for "owner/name" or the path of a file. Nothing for a path with an empty segment, "."
/// or "..", which a server could take for another path.
std::optional<std::string> encoded_path(std::string_view path);

}  // namespace heddle
