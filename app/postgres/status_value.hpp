// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <pqxx/pqxx>
#include <string>

namespace heddle {

/// Computes a locked commit status from its contributions. Its version grows, and sync_status is enqueued,
/// only when state, text or link change. Only for the stores that write contributions.
void compute_status(pqxx::transaction_base& tx, std::int64_t status_id);

/// How rows of commit_statuses are ordered when several are locked.
inline const std::string kStatusLockOrder =
    R"sql( forge_id, repository_id, commit_sha COLLATE "C", context COLLATE "C", posted_to COLLATE "C" )sql";

}  // namespace heddle
