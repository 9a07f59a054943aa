// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "app/build_service/embedded/flags.hpp"

namespace heddle {

/// Adds a flag, or changes the status of the one with the same type, repository and architecture.
/// Without a package it is the project's.
void put_flag(pqxx::transaction_base& tx,
              std::int64_t project_id,
              std::optional<std::int64_t> package_id,
              const Flag& flag);

/// The project's flags, and those of one package where it is given.
Flags flags_of(pqxx::transaction_base& tx, std::int64_t project_id, std::optional<std::int64_t> package_id);

/// Gives a branch the flags of what it was branched from, except `build` and `lock` (reference 6.3).
void copy_project_flags(pqxx::transaction_base& tx, std::int64_t from_project_id, std::int64_t to_project_id);
void copy_package_flags(pqxx::transaction_base& tx,
                        std::int64_t from_package_id,
                        std::int64_t to_project_id,
                        std::int64_t to_package_id);

}  // namespace heddle
