// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/secret_key_store.hpp"

#include "app/crypto/secret_box.hpp"

namespace heddle {

bool knows_secret_keys(pqxx::transaction_base& tx) {
    static const std::string kAnyKey = "SELECT EXISTS (SELECT FROM secret_keys)";
    return tx.exec1(kAnyKey)[0].as<bool>();
}

void register_secret_key(pqxx::transaction_base& tx, const std::string& key_id) {
    // The lock keeps two first starts with two key files from both being the first.
    static const std::string kLock = "LOCK TABLE secret_keys IN SHARE ROW EXCLUSIVE MODE";
    static const std::string kFits =
        "SELECT count(*) = 0 OR count(*) FILTER (WHERE key_id = $1) = 1 FROM secret_keys";
    static const std::string kRegister =
        "INSERT INTO secret_keys (key_id) VALUES ($1) ON CONFLICT DO NOTHING";
    tx.exec0(kLock);
    if (!tx.exec_params1(kFits, key_id)[0].as<bool>())
        throw KeyFileError("the key file (key " + key_id +
                           ") is not the one that this database's secrets were sealed with");
    tx.exec_params0(kRegister, key_id);
}

}  // namespace heddle
