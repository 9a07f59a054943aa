// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

namespace heddle {

/// Users with whom tokens are shared together.
struct Group {
    std::int64_t id = 0;
    std::string name;
    std::vector<std::string> members;  // logins
    std::string created_at;            // RFC 3339, UTC
};

/// The id; nothing when the name is taken.
std::optional<std::int64_t> create_group(pqxx::transaction_base& tx, const std::string& name);

std::optional<Group> find_group(pqxx::transaction_base& tx, const std::string& name);
/// By name.
std::vector<Group> list_groups(pqxx::transaction_base& tx);

/// False: the user is a member already.
bool add_group_member(pqxx::transaction_base& tx, std::int64_t group_id, std::int64_t user_id);
/// False: the user is no member.
bool remove_group_member(pqxx::transaction_base& tx, std::int64_t group_id, std::int64_t user_id);

/// With all that was shared with it.
void delete_group(pqxx::transaction_base& tx, std::int64_t group_id);

}  // namespace heddle
