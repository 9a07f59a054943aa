// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <pqxx/pqxx>

namespace heddle {

/// The forge told whoever uses this token's credential to wait (Retry-After, X-RateLimit-Reset). At most six
/// hours; a shorter pause does not end a longer one. Tokens without a credential share one pause.
void pause_forge(pqxx::transaction_base& tx,
                 std::int64_t forge_id,
                 std::int64_t token_id,
                 std::chrono::seconds time);

/// What is left of the pause; nullopt: there is none, the forge may be asked.
std::optional<std::chrono::milliseconds> left_of_pause(pqxx::transaction_base& tx,
                                                       std::int64_t forge_id,
                                                       std::int64_t token_id);

}  // namespace heddle
