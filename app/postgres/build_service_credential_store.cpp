// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/build_service_credential_store.hpp"

#include "app/crypto/secret_box.hpp"

namespace heddle {
namespace {

/// A user keeps the id for ever: what is sealed for one opens for nobody else.
std::string box_name(const std::optional<std::int64_t>& user_id) {
    return "build_service_credentials.password/" + (user_id ? std::to_string(*user_id) : "instance");
}

std::optional<std::string> text_of(const pqxx::field& field) {
    return field.is_null() ? std::nullopt : std::optional(field.as<std::string>());
}

}  // namespace

void set_build_service_credential(pqxx::transaction_base& tx,
                                  const SecretBox& box,
                                  const std::optional<std::int64_t>& user_id,
                                  const BuildServiceCredential& given) {
    static const std::string kKnowKey = "INSERT INTO secret_keys (key_id) VALUES ($1) ON CONFLICT DO NOTHING";
    static const std::string kSet = R"sql(
        INSERT INTO build_service_credentials (user_id, origin, account, password, secret_key_id)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT ON CONSTRAINT one_build_service_login DO UPDATE
        SET origin = excluded.origin, account = excluded.account, password = excluded.password,
            secret_key_id = excluded.secret_key_id, changed_at = now())sql";
    const std::string sealed = box.seal(given.password, box_name(user_id));
    tx.exec_params0(kKnowKey, box.key_id());
    tx.exec_params0(kSet,
                    user_id,
                    given.origin,
                    given.account,
                    pqxx::binarystring(sealed.data(), sealed.size()),
                    box.key_id());
}

bool clear_build_service_credential(pqxx::transaction_base& tx, const std::optional<std::int64_t>& user_id) {
    static const std::string kClear =
        "DELETE FROM build_service_credentials WHERE user_id IS NOT DISTINCT FROM $1";
    return tx.exec_params0(kClear, user_id).affected_rows() == 1;
}

std::optional<BuildServiceCredential> find_build_service_credential(
    pqxx::transaction_base& tx, const SecretBox& box, const std::optional<std::string>& executor) {
    static const std::string kFind = R"sql(
        SELECT c.user_id, c.origin, c.account, c.password
        FROM build_service_credentials c LEFT JOIN users u ON u.id = c.user_id
        WHERE u.login IS NOT DISTINCT FROM $1 AND u.active IS NOT FALSE)sql";
    const pqxx::result rows = tx.exec_params(kFind, executor);
    if (rows.empty()) return std::nullopt;
    const pqxx::row row = rows[0];
    std::optional<std::int64_t> user_id;
    if (!row["user_id"].is_null()) user_id = row["user_id"].as<std::int64_t>();
    return BuildServiceCredential{executor,
                                  row["origin"].as<std::string>(),
                                  row["account"].as<std::string>(),
                                  box.open(pqxx::binarystring(row["password"]).str(), box_name(user_id))};
}

std::vector<ListedBuildServiceCredential> list_build_service_credentials(pqxx::transaction_base& tx) {
    static const std::string kList = R"sql(
        SELECT u.login, coalesce(u.active, true) AS active, origin, account,
               to_char(c.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created,
               to_char(c.changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS changed
        FROM build_service_credentials c LEFT JOIN users u ON u.id = c.user_id
        ORDER BY u.login COLLATE "C" NULLS FIRST)sql";
    std::vector<ListedBuildServiceCredential> all;
    for (const pqxx::row& row : tx.exec(kList))
        all.push_back({text_of(row["login"]),
                       row["active"].as<bool>(),
                       row["origin"].as<std::string>(),
                       row["account"].as<std::string>(),
                       row["created"].as<std::string>(),
                       row["changed"].as<std::string>()});
    return all;
}

}  // namespace heddle
