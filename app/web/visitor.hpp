// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/http/http_message.hpp"
#include "app/postgres/session_store.hpp"
#include "app/postgres/viewer_store.hpp"
#include "app/web/web_parts.hpp"

namespace heddle {

inline constexpr const char* kSessionCookie = "heddle_session";

/// Who asks: somebody who signed in, or a stranger.
struct Visitor {
    std::optional<SignedIn> user;

    Viewer viewer(const ServerConfig& server) const;
};

Visitor find_visitor(pqxx::transaction_base& tx, const ServerRequest& request);

/// What public_url has behind its host ("/heddle"; usually nothing): our own links start with it.
std::string base_path(const ServerConfig& server);

/// A Set-Cookie header for us alone: HttpOnly, SameSite=Lax, Secure when people come by https. `max_age` in
/// seconds; 0 takes the cookie away.
std::pair<std::string, std::string> set_cookie(const ServerConfig& server,
                                               const std::string& name,
                                               const std::string& value,
                                               int max_age);

}  // namespace heddle
