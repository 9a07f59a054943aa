// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "workflows/ports/build_service.hpp"

namespace heddle {

/// Adds or changes one repository: rebuild and linkedbuild set, architectures replaced, missing paths
/// appended in order (reference 6.6).
void put_repository(pqxx::transaction_base& tx, std::int64_t project_id, const RepositoryConfig& repository);

/// The repositories of a project by name, each with its paths in order.
std::vector<RepositoryConfig> repositories_of(pqxx::transaction_base& tx, std::int64_t project_id);

/// Gives a new project the repositories of another: same names and architectures, and as path the
/// repository that each one comes from.
void copy_repositories(pqxx::transaction_base& tx,
                       std::int64_t from_id,
                       const std::string& from_name,
                       std::int64_t to_id);

}  // namespace heddle
