// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/forge_pause.hpp"

#include "app/jobs/job_guard.hpp"
#include "app/postgres/forge_pause_store.hpp"

namespace heddle {

void wait_for_forge(pqxx::transaction_base& tx, std::int64_t forge_id, std::int64_t token_id) {
    if (const auto left = left_of_pause(tx, forge_id, token_id))
        throw Postponed("the forge asked for a pause", *left);
}

void keep_pause(pqxx::transaction_base& tx,
                std::int64_t forge_id,
                std::int64_t token_id,
                const RemoteError& error) {
    if (error.retry_after.count() > 0) pause_forge(tx, forge_id, token_id, error.retry_after);
}

}  // namespace heddle
