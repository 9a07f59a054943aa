// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <pqxx/pqxx>

#include "workflows/model/forge_access.hpp"

namespace heddle {

class SecretBox;

/// What a token talks to a forge with. The credential is empty where the token has none, and where it is
/// locked: then the lock is told. Throws std::logic_error for an unknown token or forge.
ForgeAccess find_forge_access(pqxx::transaction_base& tx,
                              const SecretBox& box,
                              std::int64_t forge_id,
                              std::int64_t token_id);

}  // namespace heddle
