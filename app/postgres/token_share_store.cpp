// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/token_share_store.hpp"

#include <optional>

namespace heddle {
namespace {

using Id = std::optional<std::int64_t>;

Id user_of(const TokenShare& share) {
    return share.with == TokenShare::With::User ? Id(share.id) : std::nullopt;
}
Id group_of(const TokenShare& share) {
    return share.with == TokenShare::With::Group ? Id(share.id) : std::nullopt;
}

}  // namespace

bool share_token(pqxx::transaction_base& tx, std::int64_t token_id, const TokenShare& share) {
    static const std::string kShare = R"sql(
        INSERT INTO token_shares (token_id, user_id, group_id) VALUES ($1, $2, $3)
        ON CONFLICT ON CONSTRAINT shared_once DO NOTHING)sql";
    return tx.exec_params(kShare, token_id, user_of(share), group_of(share)).affected_rows() == 1;
}

bool unshare_token(pqxx::transaction_base& tx, std::int64_t token_id, const TokenShare& share) {
    static const std::string kUnshare =
        "DELETE FROM token_shares WHERE token_id = $1 AND (user_id = $2 OR group_id = $3)";
    return tx.exec_params(kUnshare, token_id, user_of(share), group_of(share)).affected_rows() == 1;
}

std::vector<std::int64_t> tokens_of_group(pqxx::transaction_base& tx, std::int64_t group_id) {
    static const std::string kTokensOfGroup =
        "SELECT token_id FROM token_shares WHERE group_id = $1 ORDER BY token_id";
    std::vector<std::int64_t> ids;
    for (const pqxx::row& row : tx.exec_params(kTokensOfGroup, group_id))
        ids.push_back(row[0].as<std::int64_t>());
    return ids;
}

}  // namespace heddle
