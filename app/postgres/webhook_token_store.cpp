// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/webhook_token_store.hpp"

#include "app/postgres/audit_store.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {
namespace {

const std::string kTokenColumns = R"sql(
    SELECT tokens.id, tokens.kind, enabled, login, active, secret, forge_id, forges.name, forges.kind AS forge_kind,
           web_url, api_url
    FROM tokens JOIN users ON users.id = executor_id LEFT JOIN forges ON forges.id = forge_id )sql";

WebhookForge read_forge(const pqxx::row& row, const char* id, const char* kind) {
    return {row[id].as<std::int64_t>(),
            row["name"].as<std::string>(),
            row[kind].as<std::string>(),
            row["web_url"].as<std::string>(),
            row["api_url"].as<std::string>()};
}

std::optional<WebhookToken> read_token(const pqxx::result& rows) {
    if (rows.empty()) return std::nullopt;
    const pqxx::row row = rows[0];
    WebhookToken token;
    token.id = row["id"].as<std::int64_t>();
    token.kind = row["kind"].as<std::string>();
    token.enabled = row["enabled"].as<bool>();
    token.executor = row["login"].as<std::string>();
    token.executor_active = row["active"].as<bool>();
    token.sealed_secret = pqxx::binarystring(row["secret"]).str();
    if (!row["forge_id"].is_null()) token.forge = read_forge(row, "forge_id", "forge_kind");
    return token;
}

}  // namespace

std::optional<WebhookToken> find_webhook_token(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kFindById = kTokenColumns + "WHERE tokens.id = $1";
    return read_token(tx.exec_params(kFindById, id));
}

std::optional<WebhookToken> find_webhook_token(pqxx::transaction_base& tx, const std::string& secret_digest) {
    static const std::string kFindByDigest = kTokenColumns + "WHERE secret_digest = $1";
    return read_token(
        tx.exec_params(kFindByDigest, pqxx::binarystring(secret_digest.data(), secret_digest.size())));
}

std::vector<WebhookForge> list_bindable_forges(pqxx::transaction_base& tx, const std::string& kind) {
    static const std::string kBindable = R"sql(
        SELECT id, name, kind, web_url, api_url FROM forges WHERE kind = $1 AND NOT private_network ORDER BY id)sql";
    std::vector<WebhookForge> forges;
    for (const pqxx::row& row : tx.exec_params(kBindable, kind))
        forges.push_back(read_forge(row, "id", "kind"));
    return forges;
}

bool bind_token(pqxx::transaction_base& tx, const WebhookToken& token, const WebhookForge& forge) {
    static const std::string kBind = "UPDATE tokens SET forge_id = $2 WHERE id = $1 AND forge_id IS NULL";
    if (tx.exec_params(kBind, token.id, forge.id).affected_rows() == 0) return false;
    record_change(tx,
                  {"heddle",
                   "token.bind",
                   "token " + std::to_string(token.id),
                   "to forge " + forge.name + ", by its first delivery"});
    return true;
}

void note_triggered(pqxx::transaction_base& tx, std::int64_t token_id) {
    // Whoever holds the row now notes the same, or edits the token: a delivery waits for neither.
    static const std::string kNoteTriggered = R"sql(
        UPDATE tokens SET triggered_at = now() WHERE id = (
            SELECT id FROM tokens
            WHERE id = $1 AND (triggered_at IS NULL OR triggered_at < now() - interval '1 second')
            FOR NO KEY UPDATE SKIP LOCKED))sql";
    tx.exec_params0(kNoteTriggered, token_id);
}

}  // namespace heddle
