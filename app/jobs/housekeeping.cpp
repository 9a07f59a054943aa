// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/housekeeping.hpp"

#include <spdlog/spdlog.h>

#include "app/postgres/audit_store.hpp"
#include "app/postgres/build_event_store.hpp"
#include "app/postgres/delivery_store.hpp"
#include "app/postgres/run_store.hpp"
#include "app/postgres/session_store.hpp"

namespace heddle {
namespace {

using Purge = int (*)(pqxx::transaction_base& tx, std::chrono::seconds age, int limit);

constexpr int kBatch = 500;
constexpr int kMostBatches = 200;  // the rest has time until the next round

int sweep(Pool& pool, Purge purge, std::chrono::seconds age) {
    static const std::string kTurn = "SELECT pg_try_advisory_xact_lock(1214599252, 0)";
    int swept = 0;
    for (int batch = 0; batch < kMostBatches; ++batch) {
        const int gone = in_transaction(
            pool, [&](pqxx::work& tx) { return tx.exec1(kTurn)[0].as<bool>() ? purge(tx, age, kBatch) : 0; });
        swept += gone;
        if (gone < kBatch) break;
    }
    return swept;
}

}  // namespace

Swept sweep(Pool& pool, const RetentionConfig& retention) {
    return {sweep(pool, purge_build_events, retention.build_events),
            sweep(pool, purge_runs, retention.runs),
            sweep(pool, purge_deliveries, retention.deliveries),
            sweep(pool, purge_audit_log, retention.audit),
            sweep(pool, purge_sessions, std::chrono::seconds(0))};
}

Chore housekeeping(Pool& pool, const RetentionConfig& retention) {
    return {"housekeeping", std::chrono::hours(1), [&pool, retention] {
                const Swept swept = sweep(pool, retention);
                if (swept.build_events + swept.runs + swept.deliveries + swept.audit + swept.sessions > 0)
                    spdlog::info(
                        "housekeeping took {} build events, {} runs, {} deliveries, {} entries of the audit "
                        "log and {} "
                        "sessions",
                        swept.build_events,
                        swept.runs,
                        swept.deliveries,
                        swept.audit,
                        swept.sessions);
            }};
}

}  // namespace heddle
