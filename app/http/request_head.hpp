// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "app/http/refusal.hpp"

namespace heddle {

/// The first line and the headers of a request, names and values raw.
struct RequestHead {
    std::string method;
    std::string target;
    bool old = false;  // HTTP/1.0
    std::vector<std::pair<std::string, std::string>> headers;

    /// The values of all headers of that name, in any spelling.
    std::vector<std::string> all(std::string_view name) const;
};

/// How a request's body is delimited, and what comes after it.
struct Framing {
    std::size_t length = 0;  // bytes, unless chunked
    bool chunked = false;
    bool keep_alive = false;       // the client wants to go on
    bool awaits_continue = false;  // the client holds the body back until it is asked for it

    bool has_body() const { return chunked || length > 0; }
};

/// Reads a head, the empty line at its end included. Strict where leniency would let two programs on the way
/// see two different requests (RFC 9112, sections 2.2, 5 and 11.2): no bare line ends, no folded lines, no
/// space before a colon, exactly one Host.
std::variant<RequestHead, Refusal> parse_head(std::string_view raw);

/// Decides about the body by RFC 9112, section 6.3, refusing what is ambiguous: two lengths, a length with
/// chunked, digits that are none (400); a body without either (411), another coding (501), a compressed body
/// (415), an expectation that we don't know (417).
std::variant<Framing, Refusal> framing_of(const RequestHead& head);

}  // namespace heddle
