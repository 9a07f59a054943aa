// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>

namespace heddle {

/// The forge of that name, made when it is missing; of an existing one the kind must be the same
/// (std::logic_error otherwise). `kind` is a word of the column's CHECK.
std::int64_t ensure_forge(pqxx::transaction_base& tx, const std::string& name, const std::string& kind);

struct NewRepository {
    std::string identity;  // the forge's own id; for plain git the absolute path
    std::string full_name;
    std::string clone_url;
    std::string web_url;
    bool is_public = false;  // anybody may read it at the forge
    /// Whose delivery says so. Statuses go by the name that the reporting token itself was told: who holds
    /// another token can't lead them elsewhere.
    std::optional<std::int64_t> told_by{};
};

/// The repository of that identity, made when it is missing; its name, addresses and visibility are brought
/// up to date.
std::int64_t ensure_repository(pqxx::transaction_base& tx,
                               std::int64_t forge_id,
                               const NewRepository& repository);

/// The same for a repository that is there already, without making one; addresses that are empty stay as they
/// were.
void refresh_repository(pqxx::transaction_base& tx, std::int64_t forge_id, const NewRepository& repository);

}  // namespace heddle
