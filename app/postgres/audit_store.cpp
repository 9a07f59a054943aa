// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/audit_store.hpp"

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

}  // namespace heddle
