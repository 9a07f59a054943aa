// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/compose_database.hpp"
#include "app/config/config.hpp"
#include "app/postgres/audit_store.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {

/// What the verbs token, user, group, forge, key and obs work on: the database of the configuration, with the
/// forges of the configuration in it, and the box for its secrets.
class Accounts {
public:
    /// Throws WrongUse with `try_repository`: what `heddle try` works on has no accounts.
    Accounts(const Config& config, const std::optional<std::string>& try_repository);
    ~Accounts();
    Accounts(const Accounts&) = delete;
    Accounts& operator=(const Accounts&) = delete;

    Pool& pool() { return *database_.pool; }
    const SecretBox& box() const { return *box_; }

private:
    OpenDatabase database_;
    std::unique_ptr<SecretBox> box_;
};

/// A row for the audit log in the name of the user who runs the program.
AuditEntry audit_entry(const std::string& action, const std::string& object, const std::string& details = {});

/// A secret that nobody guesses, for webhooks and as a password.
std::string new_secret();

/// What is stored of a password (about 0.1 s).
std::string password_hash(const std::string& password);

}  // namespace heddle
