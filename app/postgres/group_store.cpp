// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/group_store.hpp"

namespace heddle {
namespace {

// One row per member, and one for a group without any.
const std::string kSelectGroups = R"sql(
    SELECT g.id, g.name, coalesce(u.login, '') AS login,
           to_char(g.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created
    FROM groups g
    LEFT JOIN group_members m ON m.group_id = g.id
    LEFT JOIN users u ON u.id = m.user_id )sql";
const std::string kInOrder = " ORDER BY g.name, u.login";

std::vector<Group> read_groups(const pqxx::result& rows) {
    std::vector<Group> groups;
    for (const pqxx::row& row : rows) {
        const auto id = row["id"].as<std::int64_t>();
        if (groups.empty() || groups.back().id != id)
            groups.push_back({id, row["name"].as<std::string>(), {}, row["created"].as<std::string>()});
        const auto login = row["login"].as<std::string>();
        if (!login.empty()) groups.back().members.push_back(login);
    }
    return groups;
}

}  // namespace

std::optional<std::int64_t> create_group(pqxx::transaction_base& tx, const std::string& name) {
    static const std::string kCreateGroup =
        "INSERT INTO groups (name) VALUES ($1) ON CONFLICT (name) DO NOTHING RETURNING id";
    const pqxx::result rows = tx.exec_params(kCreateGroup, name);
    return rows.empty() ? std::nullopt : std::optional(rows[0][0].as<std::int64_t>());
}

std::optional<Group> find_group(pqxx::transaction_base& tx, const std::string& name) {
    static const std::string kFindGroup = kSelectGroups + "WHERE g.name = $1" + kInOrder;
    const std::vector<Group> groups = read_groups(tx.exec_params(kFindGroup, name));
    return groups.empty() ? std::nullopt : std::optional(groups.front());
}

std::vector<Group> list_groups(pqxx::transaction_base& tx) {
    static const std::string kListGroups = kSelectGroups + kInOrder;
    return read_groups(tx.exec(kListGroups));
}

bool add_group_member(pqxx::transaction_base& tx, std::int64_t group_id, std::int64_t user_id) {
    static const std::string kAddMember =
        "INSERT INTO group_members (group_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    return tx.exec_params(kAddMember, group_id, user_id).affected_rows() == 1;
}

bool remove_group_member(pqxx::transaction_base& tx, std::int64_t group_id, std::int64_t user_id) {
    static const std::string kRemoveMember = "DELETE FROM group_members WHERE group_id = $1 AND user_id = $2";
    return tx.exec_params(kRemoveMember, group_id, user_id).affected_rows() == 1;
}

void delete_group(pqxx::transaction_base& tx, std::int64_t group_id) {
    static const std::string kDeleteGroup = "DELETE FROM groups WHERE id = $1";
    tx.exec_params0(kDeleteGroup, group_id);
}

}  // namespace heddle
