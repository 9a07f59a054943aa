// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>

#include "workflows/model/package_ref.hpp"

namespace heddle {

/// From now on the token hears of the package's builds; the run becomes its newest. Safe to repeat.
void subscribe(pqxx::transaction_base& tx,
               std::int64_t run_id,
               std::int64_t token_id,
               const PackageRef& package);
/// Does the token listen? Keeps it so until the transaction ends: what ends subscriptions waits.
bool hold_subscription(pqxx::transaction_base& tx, std::int64_t token_id, const PackageRef& package);
/// Takes a token's subscription back where none of its revisions is left.
void drop_idle_subscription(pqxx::transaction_base& tx, std::int64_t token_id, const PackageRef& package);
/// Nobody hears of the package any more (of the whole project, when no package is named), except who
/// asked after that build event came in.
void drop_subscriptions(pqxx::transaction_base& tx,
                        const PackageRef& package,
                        std::optional<std::int64_t> since_event = std::nullopt);

}  // namespace heddle
