// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/config/config.hpp"
#include "app/postgres/token_list.hpp"

namespace heddle {

/// Where a token's webhook goes; nothing for a kind that the server has no place for, and while nobody knows
/// under which port the server is reached (server.public_url absent, port 0).
std::optional<std::string> webhook_url(const ServerConfig& server, const std::string& kind, std::int64_t id);

/// The listing, as lines or JSON. No secret is in it.
std::string tell(const std::vector<ListedToken>& tokens);
std::string to_json(const ServerConfig& server, const std::vector<ListedToken>& tokens);

/// One token.
std::string tell(const ServerConfig& server, const ListedToken& token);
std::string to_json(const ServerConfig& server, const ListedToken& token);

}  // namespace heddle
