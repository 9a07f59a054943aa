// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/audit_store.hpp"

#include <cstdint>

#include "app/postgres/storable_text.hpp"

namespace heddle {

void record_change(pqxx::transaction_base& tx, const AuditEntry& entry) {
    static const std::string kRecord =
        "INSERT INTO audit_log (login, action, object, details) VALUES ($1, $2, $3, $4)";
    tx.exec_params0(kRecord,
                    storable_text(entry.login),
                    entry.action,
                    storable_text(entry.object),
                    storable_text(entry.details));
}

int purge_audit_log(pqxx::transaction_base& tx, std::chrono::seconds age, int limit) {
    static const std::string kPurgeAudit = R"sql(
        DELETE FROM audit_log WHERE id IN (
            SELECT id FROM audit_log WHERE created_at < now() - $1 * interval '1 second'
            ORDER BY created_at LIMIT $2))sql";
    return static_cast<int>(
        tx.exec_params(kPurgeAudit, static_cast<std::int64_t>(age.count()), limit).affected_rows());
}

}  // namespace heddle
