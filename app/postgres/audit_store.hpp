// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <pqxx/pqxx>
#include <string>

namespace heddle {

/// One change that a person made.
struct AuditEntry {
    std::string login;    // who; of the command line the user of the system
    std::string action;   // "token.create"
    std::string object;   // "token 12"
    std::string details;  // what became of it; never a secret
};

/// Belongs into the transaction of the change itself.
void record_change(pqxx::transaction_base& tx, const AuditEntry& entry);

/// Takes up to `limit` entries that are older than `age`; returns how many.
int purge_audit_log(pqxx::transaction_base& tx, std::chrono::seconds age, int limit);

}  // namespace heddle
