// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/token_list.hpp"

#include "app/postgres/pool.hpp"

namespace heddle {
namespace {

const std::string kSelectTokens = R"sql(
    SELECT t.id, t.kind, login, active, f.name AS forge, f.kind AS forge_kind, description, configuration_path,
           configuration_url, enabled, c.origin, c.locked,
           to_char(triggered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS triggered,
           to_char(t.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created
    FROM tokens t JOIN users ON users.id = executor_id
    LEFT JOIN forges f ON f.id = forge_id
    LEFT JOIN credentials c ON c.id = credential_id )sql";

std::string text_of(const pqxx::field& field) { return nullable<std::string>(field).value_or(""); }

ListedToken read_token(const pqxx::row& row) {
    ListedToken token;
    token.id = row["id"].as<std::int64_t>();
    token.kind = row["kind"].as<std::string>();
    token.executor = row["login"].as<std::string>();
    token.executor_active = row["active"].as<bool>();
    token.forge = text_of(row["forge"]);
    token.forge_kind = text_of(row["forge_kind"]);
    token.description = row["description"].as<std::string>();
    token.configuration_path = row["configuration_path"].as<std::string>();
    token.configuration_url = text_of(row["configuration_url"]);
    token.enabled = row["enabled"].as<bool>();
    if (const auto locked = nullable<bool>(row["locked"]))
        token.credential = *locked ? ListedToken::Credential::Locked : ListedToken::Credential::Given;
    token.credential_origin = text_of(row["origin"]);
    token.triggered_at = text_of(row["triggered"]);
    token.created_at = row["created"].as<std::string>();
    return token;
}

}  // namespace

std::vector<ListedToken> list_tokens(pqxx::transaction_base& tx) {
    static const std::string kListTokens = kSelectTokens + "ORDER BY t.id";
    std::vector<ListedToken> tokens;
    for (const pqxx::row& row : tx.exec(kListTokens)) tokens.push_back(read_token(row));
    return tokens;
}

std::optional<ListedToken> find_listed_token(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kFindToken = kSelectTokens + "WHERE t.id = $1";
    const pqxx::result rows = tx.exec_params(kFindToken, id);
    return rows.empty() ? std::nullopt : std::optional(read_token(rows[0]));
}

}  // namespace heddle
