// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/project_grant_store.hpp"

#include <optional>

namespace heddle {
namespace {

/// Active users with a grant for project $1, or for one above it.
const std::string kGranted = R"sql(
    FROM users u
    JOIN project_grants g
      ON g.user_id = u.id OR g.group_id IN (SELECT m.group_id FROM group_members m WHERE m.user_id = u.id)
    WHERE u.active AND (g.prefix = $1 OR starts_with($1, g.prefix || ':')))sql";

std::optional<std::int64_t> id_if(const GrantHolder& holder, GrantHolder::Kind kind) {
    return holder.kind == kind ? std::optional(holder.id) : std::nullopt;
}

std::optional<std::int64_t> user_of(const GrantHolder& holder) {
    return id_if(holder, GrantHolder::Kind::User);
}
std::optional<std::int64_t> group_of(const GrantHolder& holder) {
    return id_if(holder, GrantHolder::Kind::Group);
}

}  // namespace

bool has_project_grant(pqxx::transaction_base& tx, const std::string& login, const std::string& project) {
    static const std::string kMayChange = "SELECT EXISTS (SELECT" + kGranted + " AND u.login = $2)";
    return tx.exec_params1(kMayChange, project, login)[0].as<bool>();
}

std::vector<std::string> who_may_change(pqxx::transaction_base& tx, const std::string& project) {
    static const std::string kWho = "SELECT DISTINCT u.login COLLATE \"C\"" + kGranted + " ORDER BY 1";
    std::vector<std::string> logins;
    for (const pqxx::row& row : tx.exec_params(kWho, project)) logins.push_back(row[0].as<std::string>());
    return logins;
}

bool has_any_grant(pqxx::transaction_base& tx) {
    return tx.exec1("SELECT EXISTS (SELECT FROM project_grants)")[0].as<bool>();
}

bool grant_project(pqxx::transaction_base& tx, const GrantHolder& holder, const std::string& prefix) {
    static const std::string kGrant = R"sql(
        INSERT INTO project_grants (user_id, group_id, prefix) VALUES ($1, $2, $3)
        ON CONFLICT ON CONSTRAINT granted_once DO NOTHING)sql";
    return tx.exec_params0(kGrant, user_of(holder), group_of(holder), prefix).affected_rows() == 1;
}

bool revoke_project(pqxx::transaction_base& tx, const GrantHolder& holder, const std::string& prefix) {
    static const std::string kRevoke = R"sql(
        DELETE FROM project_grants
        WHERE user_id IS NOT DISTINCT FROM $1 AND group_id IS NOT DISTINCT FROM $2 AND prefix = $3)sql";
    return tx.exec_params0(kRevoke, user_of(holder), group_of(holder), prefix).affected_rows() == 1;
}

std::vector<std::string> granted_projects(pqxx::transaction_base& tx, const GrantHolder& holder) {
    static const std::string kPrefixes = R"sql(
        SELECT prefix FROM project_grants
        WHERE user_id IS NOT DISTINCT FROM $1 AND group_id IS NOT DISTINCT FROM $2
        ORDER BY prefix COLLATE "C")sql";
    std::vector<std::string> prefixes;
    for (const pqxx::row& row : tx.exec_params(kPrefixes, user_of(holder), group_of(holder)))
        prefixes.push_back(row[0].as<std::string>());
    return prefixes;
}

}  // namespace heddle
