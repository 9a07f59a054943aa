// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <optional>
#include <string>

namespace heddle {

/// What is wrong with a URL or "key=value" text that should name a database, whether or not it is there
/// (PostgreSQL manual, "Connection Strings"). Never quotes what could be a part of the password. nullopt:
/// nothing, as far as can be told without asking a server.
std::optional<std::string> why_no_connection_url(const std::string& url);

/// Nobody was asked: PostgreSQL's client refuses a value of the URL (an sslmode that there is not, say).
bool is_refused_unasked(const std::string& url);

/// Why there is no connection, in one line and without the client's advice: libpq answers in several lines,
/// with one for each address that it tried. `error`: what open_connection() has thrown.
std::string why_no_connection(const std::exception& error);

}  // namespace heddle
