// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/token_store.hpp"

#include "app/crypto/random_secret.hpp"
#include "app/crypto/secret_box.hpp"
#include "app/postgres/credential_store.hpp"

namespace heddle {
namespace {

/// A secret as it stands in a token's row.
struct SealedSecret {
    SealedSecret(pqxx::transaction_base& tx, const SecretBox& box, std::int64_t id, const std::string& secret)
        : box_(box.seal(secret, "tokens.secret/" + std::to_string(id))), digest_(box.digest(secret)) {
        static const std::string kKnowKey =
            "INSERT INTO secret_keys (key_id) VALUES ($1) ON CONFLICT DO NOTHING";
        tx.exec_params0(kKnowKey, box.key_id());
    }
    pqxx::binarystring sealed() const { return {box_.data(), box_.size()}; }
    pqxx::binarystring digest() const { return {digest_.data(), digest_.size()}; }

private:
    std::string box_;
    std::string digest_;
};

}  // namespace

std::int64_t ensure_user(pqxx::transaction_base& tx, const std::string& login) {
    static const std::string kEnsureUser = R"sql(
        INSERT INTO users (login) VALUES ($1) ON CONFLICT (login) DO UPDATE SET login = excluded.login
        RETURNING id)sql";
    return tx.exec_params1(kEnsureUser, login)[0].as<std::int64_t>();
}

std::optional<Token> find_token(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kFindToken = R"sql(
        SELECT executor_id, login, description, configuration_path, coalesce(configuration_url, '') AS url, enabled
        FROM tokens JOIN users ON users.id = executor_id WHERE tokens.id = $1)sql";
    const pqxx::result rows = tx.exec_params(kFindToken, id);
    if (rows.empty()) return std::nullopt;
    Token token;
    token.id = id;
    token.executor_id = rows[0]["executor_id"].as<std::int64_t>();
    token.executor = rows[0]["login"].as<std::string>();
    token.description = rows[0]["description"].as<std::string>();
    token.configuration_path = rows[0]["configuration_path"].as<std::string>();
    token.configuration_url = rows[0]["url"].as<std::string>();
    token.enabled = rows[0]["enabled"].as<bool>();
    return token;
}

std::optional<std::int64_t> create_token(pqxx::transaction_base& tx,
                                         const SecretBox& box,
                                         const NewToken& token) {
    // The id comes first: the box is sealed for its row.
    static const std::string kNextId = "SELECT nextval(pg_get_serial_sequence('tokens', 'id'))";
    static const std::string kMakeToken = R"sql(
        INSERT INTO tokens (id, kind, executor_id, forge_id, secret, secret_digest, secret_key_id, description,
                            configuration_path, configuration_url)
        OVERRIDING SYSTEM VALUE
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, coalesce(nullif($9, ''), '.obs/workflows.yml'), nullif($10, ''))
        ON CONFLICT (secret_digest) DO NOTHING)sql";
    const auto id = tx.exec1(kNextId)[0].as<std::int64_t>();
    const SealedSecret secret(tx, box, id, token.secret);
    const pqxx::result made = tx.exec_params(kMakeToken,
                                             id,
                                             token.kind,
                                             token.executor_id,
                                             token.forge_id,
                                             secret.sealed(),
                                             secret.digest(),
                                             box.key_id(),
                                             token.description,
                                             token.configuration_path,
                                             token.configuration_url);
    return made.affected_rows() == 1 ? std::optional(id) : std::nullopt;
}

bool is_token_enabled(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kIsEnabled = "SELECT 1 FROM tokens WHERE id = $1 AND enabled";
    return !tx.exec_params(kIsEnabled, id).empty();
}

void change_token(pqxx::transaction_base& tx, std::int64_t id, const TokenChanges& changes) {
    static const std::string kChangeToken = R"sql(
        UPDATE tokens SET description = coalesce($2, description),
                          configuration_path = coalesce($3, configuration_path),
                          configuration_url = nullif(coalesce($4, configuration_url), ''),
                          enabled = coalesce($5, enabled)
        WHERE id = $1)sql";
    tx.exec_params0(kChangeToken,
                    id,
                    changes.description,
                    changes.configuration_path,
                    changes.configuration_url,
                    changes.enabled);
}

bool set_token_secret(pqxx::transaction_base& tx,
                      const SecretBox& box,
                      std::int64_t id,
                      const std::string& secret) {
    // Of two that take one secret at the same moment, the unique index stops the second with an error.
    static const std::string kSetSecret = R"sql(
        UPDATE tokens SET secret = $2, secret_digest = $3, secret_key_id = $4
        WHERE id = $1 AND NOT EXISTS (SELECT FROM tokens WHERE secret_digest = $3 AND id <> $1))sql";
    const SealedSecret sealed(tx, box, id, secret);
    return tx.exec_params(kSetSecret, id, sealed.sealed(), sealed.digest(), box.key_id()).affected_rows() ==
           1;
}

int count_unfinished(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kCount = R"sql(
        SELECT (SELECT count(*) FROM workflow_runs WHERE token_id = $1 AND status IN ('queued', 'running')) +
               (SELECT count(*) FROM commit_statuses WHERE token_id = $1 AND state = 'pending'))sql";
    return tx.exec_params1(kCount, id)[0].as<int>();
}

void delete_token(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kDeleteToken = "DELETE FROM tokens WHERE id = $1";
    clear_credential(tx, id);
    tx.exec_params0(kDeleteToken, id);
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
    return create_token(tx, box, {"workflow", executor_id, forge_id, random_secret(), description, "", ""})
        .value();
}

}  // namespace heddle
