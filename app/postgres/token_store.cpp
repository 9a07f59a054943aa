// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/token_store.hpp"

#include "app/crypto/secret_box.hpp"

namespace heddle {
namespace {

std::int64_t make_workflow_token(pqxx::transaction_base& tx,
                                 const SecretBox& box,
                                 std::int64_t executor_id,
                                 std::int64_t forge_id,
                                 const std::string& description) {
    static const std::string kKnowKey = "INSERT INTO secret_keys (key_id) VALUES ($1) ON CONFLICT DO NOTHING";
    // The id comes first: the box is sealed for its row.
    static const std::string kNextId = "SELECT nextval(pg_get_serial_sequence('tokens', 'id'))";
    static const std::string kMakeToken = R"sql(
        INSERT INTO tokens (id, kind, executor_id, forge_id, secret, secret_digest, secret_key_id, description)
        OVERRIDING SYSTEM VALUE VALUES ($1, 'workflow', $2, $3, $4, $5, $6, $7))sql";
    const auto id = tx.exec1(kNextId)[0].as<std::int64_t>();
    const std::string secret = random_hex(16);
    const std::string sealed = box.seal(secret, "tokens.secret/" + std::to_string(id));
    const std::string digest = box.digest(secret);
    tx.exec_params0(kKnowKey, box.key_id());
    tx.exec_params0(kMakeToken,
                    id,
                    executor_id,
                    forge_id,
                    pqxx::binarystring(sealed.data(), sealed.size()),
                    pqxx::binarystring(digest.data(), digest.size()),
                    box.key_id(),
                    description);
    return id;
}

}  // namespace

std::int64_t ensure_user(pqxx::transaction_base& tx, const std::string& login) {
    static const std::string kEnsureUser = R"sql(
        INSERT INTO users (login) VALUES ($1) ON CONFLICT (login) DO UPDATE SET login = excluded.login
        RETURNING id)sql";
    return tx.exec_params1(kEnsureUser, login)[0].as<std::int64_t>();
}

std::optional<Token> find_token(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kFindToken = R"sql(
        SELECT executor_id, login, description, configuration_path, enabled
        FROM tokens JOIN users ON users.id = executor_id WHERE tokens.id = $1)sql";
    const pqxx::result rows = tx.exec_params(kFindToken, id);
    if (rows.empty()) return std::nullopt;
    Token token;
    token.id = id;
    token.executor_id = rows[0]["executor_id"].as<std::int64_t>();
    token.executor = rows[0]["login"].as<std::string>();
    token.description = rows[0]["description"].as<std::string>();
    token.configuration_path = rows[0]["configuration_path"].as<std::string>();
    token.enabled = rows[0]["enabled"].as<bool>();
    return token;
}

std::int64_t ensure_workflow_token(pqxx::transaction_base& tx,
                                   const SecretBox& box,
                                   std::int64_t executor_id,
                                   std::int64_t forge_id,
                                   const std::string& description) {
    // No natural key: the executor's row is the lock.
    static const std::string kLockExecutor = "SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE";
    static const std::string kFindByDescription = R"sql(
        SELECT id FROM tokens
        WHERE kind = 'workflow' AND executor_id = $1 AND forge_id = $2 AND description = $3 ORDER BY id LIMIT 1)sql";
    tx.exec_params1(kLockExecutor, executor_id);
    const pqxx::result rows = tx.exec_params(kFindByDescription, executor_id, forge_id, description);
    if (!rows.empty()) return rows[0][0].as<std::int64_t>();
    return make_workflow_token(tx, box, executor_id, forge_id, description);
}

}  // namespace heddle
