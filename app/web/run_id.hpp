// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <string_view>

#include "app/http/http_message.hpp"
#include "app/web/visitor.hpp"

namespace heddle {

/// An id as our addresses write it: digits without a leading zero. nullopt: it is none.
std::optional<std::int64_t> read_id(std::string_view text);

/// The run of /runs/{id}... when the visitor may see it. nullopt: it does not exist, or may not be seen.
std::optional<std::int64_t> visible_run(pqxx::transaction_base& tx,
                                        const ServerConfig& server,
                                        const Visitor& visitor,
                                        const ServerRequest& request);

}  // namespace heddle
