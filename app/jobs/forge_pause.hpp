// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <pqxx/pqxx>

#include "workflows/model/remote_error.hpp"

namespace heddle {

/// Before a forge is asked with a token's credential: throws Postponed while it wants to be left alone.
void wait_for_forge(pqxx::transaction_base& tx, std::int64_t forge_id, std::int64_t token_id);

/// In the transaction that records a failure: the pause that the forge asked for, if it did, holds back all
/// that would ask it with the same credential.
void keep_pause(pqxx::transaction_base& tx,
                std::int64_t forge_id,
                std::int64_t token_id,
                const RemoteError& error);

}  // namespace heddle
