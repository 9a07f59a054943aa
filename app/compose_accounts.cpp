// SPDX-License-Identifier: Apache-2.0
#include "app/compose_accounts.hpp"

#include <pwd.h>
#include <unistd.h>

#include "app/config/wrong_use.hpp"
#include "app/crypto/password.hpp"
#include "app/crypto/random_secret.hpp"
#include "app/crypto/secret_box.hpp"
#include "app/postgres/forge_store.hpp"

namespace heddle {
namespace {

std::string system_login() {
    const passwd* entry = ::getpwuid(::getuid());
    return entry ? entry->pw_name : "uid-" + std::to_string(::getuid());
}

OpenDatabase open_accounts(const Config& config, const std::optional<std::string>& try_repository) {
    if (try_repository) throw WrongUse("--try does not go with this verb: a try has no accounts");
    return open_database(config, std::nullopt, 1);
}

}  // namespace

Accounts::Accounts(const Config& config, const std::optional<std::string>& try_repository)
    : database_(open_accounts(config, try_repository)), box_(open_secrets(config, *database_.pool)) {
    in_transaction(pool(), [&config](pqxx::work& tx) { configure_forges(tx, config.forges); });
}

Accounts::~Accounts() = default;

AuditEntry audit_entry(const std::string& action, const std::string& object, const std::string& details) {
    return {system_login(), action, object, details};
}

std::string new_secret() { return random_secret(); }

std::string password_hash(const std::string& password) { return hash_password(password); }

}  // namespace heddle
