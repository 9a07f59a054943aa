// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/token_list.hpp"

#include <sstream>

#include "app/postgres/pool.hpp"

namespace heddle {
namespace {

const std::string kSelectTokens = R"sql(
    SELECT t.id, t.kind, login, active, f.name AS forge, f.kind AS forge_kind, description, configuration_path,
           configuration_url, enabled, c.origin, c.locked,
           (SELECT string_agg(u.login, E'\n' ORDER BY u.login)
            FROM token_shares s JOIN users u ON u.id = s.user_id WHERE s.token_id = t.id) AS users,
           (SELECT string_agg(g.name, E'\n' ORDER BY g.name)
            FROM token_shares s JOIN groups g ON g.id = s.group_id WHERE s.token_id = t.id) AS groups,
           to_char(triggered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS triggered,
           to_char(t.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created
    FROM tokens t JOIN users ON users.id = executor_id
    LEFT JOIN forges f ON f.id = forge_id
    LEFT JOIN credentials c ON c.id = credential_id )sql";

std::string text_of(const pqxx::field& field) { return nullable<std::string>(field).value_or(""); }

std::vector<std::string> lines_of(const pqxx::field& field) {
    std::istringstream in(text_of(field));
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

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
    token.users = lines_of(row["users"]);
    token.groups = lines_of(row["groups"]);
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
