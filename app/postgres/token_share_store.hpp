// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <pqxx/pqxx>
#include <vector>

namespace heddle {

/// Whom a token is shared with (reference 3.2): a user, or the members of a group. They see its runs; steps
/// act in the executor's name all the same.
struct TokenShare {
    enum class With { User, Group } with = With::User;
    std::int64_t id = 0;  // of the user or group
};

/// False: it is shared so already.
bool share_token(pqxx::transaction_base& tx, std::int64_t token_id, const TokenShare& share);
/// False: it was not shared so.
bool unshare_token(pqxx::transaction_base& tx, std::int64_t token_id, const TokenShare& share);

/// The ids of the tokens that are shared with a group.
std::vector<std::int64_t> tokens_of_group(pqxx::transaction_base& tx, std::int64_t group_id);

}  // namespace heddle
