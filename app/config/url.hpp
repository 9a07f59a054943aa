// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heddle {

/// An absolute http or https URL, taken apart (RFC 3986).
struct WebUrl {
    std::string scheme;  // "http" or "https"
    std::string host;    // lower case; an IPv6 address stands in brackets
    int port = 0;        // the scheme's own where the text names none
    std::string path;    // without '/' at the end; empty: the root

    /// Scheme, host and port: whom a credential may be shown to (design, section 10). The scheme's own port
    /// is left out: "https://forge.example", "http://[::1]:3000".
    std::string origin() const;
    /// The whole URL, written the one way that two equal URLs are.
    std::string text() const;
};

/// Nothing where `text` is no such URL, or where it has a user, a query, a fragment or characters that must
/// be percent-encoded.
std::optional<WebUrl> parse_web_url(std::string_view text);

/// The host and port of "127.0.0.1:8080", "[::1]:0" or "localhost:8080"; the host without brackets, port 0:
/// any free one. Nothing where `text` is no such pair.
struct HostAndPort {
    std::string host;
    int port = 0;
};
std::optional<HostAndPort> parse_host_and_port(std::string_view text);

}  // namespace heddle
