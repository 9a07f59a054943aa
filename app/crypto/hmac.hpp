// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heddle {

/// HMAC-SHA-256 (RFC 2104): 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view message);

/// Do two digests have the same bytes? Takes as long for a difference in the first byte as for none. Digests
/// of different lengths are different.
bool same_digest(std::string_view left, std::string_view right);

/// The 32 bytes behind "sha256=" and 64 lower-case hex digits, as forges sign (reference 1.2). nullopt: it is
/// no such signature.
std::optional<std::string> parse_signature(std::string_view text);

/// "sha256=" and the HMAC of `body`, as forges sign.
std::string sign_body(std::string_view secret, std::string_view body);

/// Is `signature` ("sha256=...") that of `body`? An empty secret signs nothing: everybody knows it.
bool is_signed_by(std::string_view secret, std::string_view signature, std::string_view body);

}  // namespace heddle
