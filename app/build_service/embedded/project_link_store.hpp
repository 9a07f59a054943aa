// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "app/build_service/embedded/package_store.hpp"

namespace heddle {

/// Puts a link behind the others of the project; nothing where it stands already. The project is locked.
void add_project_link(pqxx::transaction_base& tx, std::int64_t project_id, const std::string& linked);
/// False: there was none.
bool remove_project_link(pqxx::transaction_base& tx, std::int64_t project_id, const std::string& linked);

/// The projects that a project links to, in their order. Some of them may be gone.
std::vector<std::string> project_links_of(pqxx::transaction_base& tx, std::int64_t project_id);

/// Does `project` link to `linked`, however far? A project does so to itself.
bool reaches_by_links(pqxx::transaction_base& tx, const std::string& project, const std::string& linked);

/// A package of that name in the project, else in those that it links to, the nearest first.
std::optional<StoredPackage> find_package_by_links(pqxx::transaction_base& tx, const PackageRef& ref);

}  // namespace heddle
