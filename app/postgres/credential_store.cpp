// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/credential_store.hpp"

#include <stdexcept>

#include "app/config/ssh_url.hpp"
#include "app/config/url.hpp"
#include "app/crypto/secret_box.hpp"

namespace heddle {
namespace {

// The forge's row stays as it is until the transaction ends: no origin changes behind a new credential.
std::string origin_for(pqxx::transaction_base& tx, std::int64_t token_id) {
    static const std::string kFindForge = R"sql(
        SELECT api_url FROM forges JOIN tokens ON forges.id = forge_id WHERE tokens.id = $1
        FOR SHARE OF forges)sql";
    const pqxx::result rows = tx.exec_params(kFindForge, token_id);
    if (rows.empty()) throw std::logic_error("token " + std::to_string(token_id) + " has no forge");
    return credential_origin(rows[0][0].as<std::string>());
}

}  // namespace

std::string credential_origin(const std::string& api_url) {
    if (const auto ssh = parse_ssh_url(api_url)) return ssh->origin();
    const auto url = parse_web_url(api_url);
    return url ? url->origin() : api_url;
}

void set_credential(pqxx::transaction_base& tx,
                    const SecretBox& box,
                    std::int64_t token_id,
                    const std::string& secret) {
    // The id comes first: the box is sealed for its row.
    static const std::string kNextId = "SELECT nextval(pg_get_serial_sequence('credentials', 'id'))";
    static const std::string kKnowKey = "INSERT INTO secret_keys (key_id) VALUES ($1) ON CONFLICT DO NOTHING";
    static const std::string kMakeCredential = R"sql(
        INSERT INTO credentials (id, origin, secret, secret_key_id)
        OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4))sql";
    static const std::string kUse = "UPDATE tokens SET credential_id = $2 WHERE id = $1";
    const std::string origin = origin_for(tx, token_id);
    clear_credential(tx, token_id);
    const auto id = tx.exec1(kNextId)[0].as<std::int64_t>();
    const std::string sealed = box.seal(secret, "credentials.secret/" + std::to_string(id));
    tx.exec_params0(kKnowKey, box.key_id());
    tx.exec_params0(
        kMakeCredential, id, origin, pqxx::binarystring(sealed.data(), sealed.size()), box.key_id());
    tx.exec_params0(kUse, token_id, id);
}

void clear_credential(pqxx::transaction_base& tx, std::int64_t token_id) {
    static const std::string kClear =
        "DELETE FROM credentials WHERE id = (SELECT credential_id FROM tokens WHERE id = $1)";
    tx.exec_params0(kClear, token_id);
}

void lock_credentials(pqxx::transaction_base& tx, std::int64_t forge_id, const std::string& api_url) {
    static const std::string kLock = R"sql(
        UPDATE credentials SET locked = (origin <> $2)
        WHERE locked <> (origin <> $2) AND id IN (SELECT credential_id FROM tokens WHERE forge_id = $1))sql";
    tx.exec_params0(kLock, forge_id, credential_origin(api_url));
}

bool confirm_credential(pqxx::transaction_base& tx, std::int64_t token_id) {
    static const std::string kConfirm = R"sql(
        UPDATE credentials SET locked = false, origin = $2
        WHERE locked AND id = (SELECT credential_id FROM tokens WHERE id = $1))sql";
    return tx.exec_params(kConfirm, token_id, origin_for(tx, token_id)).affected_rows() == 1;
}

}  // namespace heddle
