// SPDX-License-Identifier: Apache-2.0
#pragma once

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

}  // namespace heddle
