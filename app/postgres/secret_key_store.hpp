// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pqxx/pqxx>
#include <string>

namespace heddle {

/// Were secrets ever sealed for this database? Then its key file must never be made anew.
bool knows_secret_keys(pqxx::transaction_base& tx);

/// Notes the key in whose name secrets are sealed from now on. Throws KeyFileError when the database's
/// secrets were sealed with another key.
void register_secret_key(pqxx::transaction_base& tx, const std::string& key_id);

}  // namespace heddle
