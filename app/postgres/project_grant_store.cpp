// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/project_grant_store.hpp"

#include <optional>

namespace heddle {
namespace {

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
    static const std::string kMayChange = R"sql(
        SELECT EXISTS (
            SELECT FROM users u
            JOIN project_grants g
              ON g.user_id = u.id
              OR g.group_id IN (SELECT m.group_id FROM group_members m WHERE m.user_id = u.id)
            WHERE u.login = $1 AND u.active AND (g.prefix = $2 OR starts_with($2, g.prefix || ':'))))sql";
    return tx.exec_params1(kMayChange, login, project)[0].as<bool>();
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
    static const std::string kGranted = R"sql(
        SELECT prefix FROM project_grants
        WHERE user_id IS NOT DISTINCT FROM $1 AND group_id IS NOT DISTINCT FROM $2
        ORDER BY prefix COLLATE "C")sql";
    std::vector<std::string> prefixes;
    for (const pqxx::row& row : tx.exec_params(kGranted, user_of(holder), group_of(holder)))
        prefixes.push_back(row[0].as<std::string>());
    return prefixes;
}

}  // namespace heddle
