// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/subscription_store.hpp"

namespace heddle {

void subscribe(pqxx::transaction_base& tx,
               std::int64_t run_id,
               std::int64_t token_id,
               const PackageRef& package) {
    static const std::string kSubscribe = R"sql(
        INSERT INTO event_subscriptions (run_id, token_id, event_type, project, package)
        SELECT $1, $2, event_type, $3, $4 FROM unnest(ARRAY['build_fail', 'build_success']) event_type
        ON CONFLICT ON CONSTRAINT one_listener_per_package
        DO UPDATE SET run_id = greatest(event_subscriptions.run_id, excluded.run_id))sql";
    tx.exec_params0(kSubscribe, run_id, token_id, package.project, package.package);
}

bool hold_subscription(pqxx::transaction_base& tx, std::int64_t token_id, const PackageRef& package) {
    static const std::string kHold = R"sql(
        SELECT 1 FROM event_subscriptions
        WHERE token_id = $1 AND project = $2 AND package = $3 ORDER BY event_type FOR SHARE)sql";
    return !tx.exec_params(kHold, token_id, package.project, package.package).empty();
}

void drop_idle_subscription(pqxx::transaction_base& tx, std::int64_t token_id, const PackageRef& package) {
    static const std::string kDropIdle = R"sql(
        DELETE FROM event_subscriptions s
        WHERE token_id = $1 AND project = $2 AND package = $3 AND NOT EXISTS (
            SELECT 1 FROM package_revisions r
            WHERE r.token_id = s.token_id AND r.project = s.project AND r.package = s.package))sql";
    tx.exec_params0(kDropIdle, token_id, package.project, package.package);
}

void drop_subscriptions(pqxx::transaction_base& tx,
                        const PackageRef& package,
                        std::optional<std::int64_t> since_event) {
    // Locked in one order before they go: who holds several subscriptions takes them in the same one.
    static const std::string kDrop = R"sql(
        DELETE FROM event_subscriptions WHERE id IN (
            SELECT id FROM event_subscriptions s
            WHERE project = $1 AND ($2 = '' OR package = $2) AND NOT EXISTS (
                SELECT 1 FROM package_revisions r JOIN build_events e ON e.id = $3
                WHERE r.token_id = s.token_id AND r.project = s.project AND r.package = s.package
                  AND r.requested_at > least(e.received_at, e.ended_at))
            ORDER BY project COLLATE "C", package COLLATE "C", token_id, event_type
            FOR UPDATE))sql";
    tx.exec_params0(kDrop, package.project, package.package, since_event);
}

}  // namespace heddle
