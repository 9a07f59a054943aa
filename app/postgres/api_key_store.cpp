// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/api_key_store.hpp"

#include "app/crypto/secret_box.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {
namespace {

constexpr std::size_t kKeyBytes = 24;

const std::string kKeyColumns = R"sql(
    SELECT k.id, name, scope, project, login,
           to_char(k.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created,
           to_char(used_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS used
    FROM api_keys k LEFT JOIN users ON users.id = user_id )sql";

ApiKey read_key(const pqxx::row& row) {
    ApiKey key;
    key.id = row["id"].as<std::int64_t>();
    key.name = row["name"].as<std::string>();
    key.scope = row["scope"].as<std::string>();
    key.project = row["project"].as<std::string>();
    key.login = nullable<std::string>(row["login"]).value_or("");
    key.created_at = row["created"].as<std::string>();
    key.used_at = nullable<std::string>(row["used"]).value_or("");
    return key;
}

void note_use(pqxx::transaction_base& tx, std::int64_t id) {
    // Whoever else notes the same just now does it for us: nobody waits for a key's row.
    static const std::string kNoteUse = R"sql(
        UPDATE api_keys SET used_at = now() WHERE id = (
            SELECT id FROM api_keys
            WHERE id = $1 AND (used_at IS NULL OR used_at < now() - interval '1 minute')
            FOR NO KEY UPDATE SKIP LOCKED))sql";
    tx.exec_params0(kNoteUse, id);
}

}  // namespace

MadeApiKey create_api_key(pqxx::transaction_base& tx, const SecretBox& box, const NewApiKey& key) {
    static const std::string kCreateKey = R"sql(
        INSERT INTO api_keys (name, scope, project, key_digest, user_id) VALUES ($1, $2, $3, $4, $5)
        RETURNING id)sql";
    MadeApiKey made;
    made.key = "heddle_" + random_hex(kKeyBytes);
    const std::string digest = box.digest(made.key);
    made.id = tx.exec_params1(kCreateKey,
                              key.name,
                              key.scope,
                              key.project,
                              pqxx::binarystring(digest.data(), digest.size()),
                              key.user_id)[0]
                  .as<std::int64_t>();
    return made;
}

std::vector<ApiKey> list_api_keys(pqxx::transaction_base& tx) {
    static const std::string kListKeys = kKeyColumns + "ORDER BY k.id";
    std::vector<ApiKey> keys;
    for (const pqxx::row& row : tx.exec(kListKeys)) keys.push_back(read_key(row));
    return keys;
}

bool delete_api_key(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kDeleteKey = "DELETE FROM api_keys WHERE id = $1";
    return tx.exec_params(kDeleteKey, id).affected_rows() == 1;
}

std::optional<ApiKey> use_api_key(pqxx::transaction_base& tx,
                                  const SecretBox& box,
                                  const std::string& scope,
                                  const std::string& key) {
    static const std::string kFindKey =
        kKeyColumns + "WHERE key_digest = $1 AND scope = $2 AND coalesce(active, true)";
    const std::string digest = box.digest(key);
    const pqxx::result rows =
        tx.exec_params(kFindKey, pqxx::binarystring(digest.data(), digest.size()), scope);
    if (rows.empty()) return std::nullopt;
    const ApiKey found = read_key(rows[0]);
    note_use(tx, found.id);
    return found;
}

}  // namespace heddle
