// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/reconciliation.hpp"

#include <algorithm>

#include "app/postgres/reconciliation_store.hpp"
#include "app/postgres/request_reconciliation_store.hpp"

namespace heddle {
namespace {

/// Two processes at once would enqueue the same jobs.
bool is_our_turn(pqxx::transaction_base& tx) {
    return tx.exec1("SELECT pg_try_advisory_xact_lock(1214599252, 1)")[0].as<bool>();
}

}  // namespace

Chore reconciliation(Pool& pool, std::chrono::seconds after) {
    const auto every = std::clamp<std::chrono::milliseconds>(
        after / 2, std::chrono::milliseconds(500), std::chrono::minutes(1));
    return {"reconciliation", every, [&pool, after] {
                in_transaction(pool, [&](pqxx::work& tx) {
                    if (!is_our_turn(tx)) return;
                    enqueue_reconciliation(tx, after);
                    enqueue_request_reconciliation(tx, after);
                });
            }};
}

}  // namespace heddle
