// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/forge_access_store.hpp"

#include <stdexcept>
#include <string>

#include "app/crypto/secret_box.hpp"

namespace heddle {

ForgeAccess find_forge_access(pqxx::transaction_base& tx,
                              const SecretBox& box,
                              std::int64_t forge_id,
                              std::int64_t token_id) {
    static const std::string kFindAccess = R"sql(
        SELECT name, forges.kind, web_url, api_url, private_network, known_hosts, credentials.id AS credential,
               credentials.secret AS sealed, coalesce(locked, false) AS locked
        FROM forges CROSS JOIN tokens LEFT JOIN credentials ON credentials.id = credential_id
        WHERE forges.id = $1 AND tokens.id = $2)sql";
    const pqxx::result rows = tx.exec_params(kFindAccess, forge_id, token_id);
    if (rows.empty())
        throw std::logic_error("there is no forge " + std::to_string(forge_id) + " or no token " +
                               std::to_string(token_id));
    const pqxx::row row = rows[0];
    ForgeAccess access;
    access.name = row["name"].as<std::string>();
    access.kind = row["kind"].as<std::string>();
    access.web_url = row["web_url"].as<std::string>();
    access.api_url = row["api_url"].as<std::string>();
    access.private_network = row["private_network"].as<bool>();
    access.known_hosts = row["known_hosts"].as<std::string>();
    if (row["locked"].as<bool>()) {
        access.locked_token = token_id;
    } else if (!row["credential"].is_null()) {
        const pqxx::binarystring sealed(row["sealed"]);
        access.credential =
            box.open(sealed.str(), "credentials.secret/" + row["credential"].as<std::string>());
    }
    return access;
}

}  // namespace heddle
