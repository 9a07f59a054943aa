// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "workflows/ports/build_service.hpp"

namespace heddle {

struct StoredProject {
    std::int64_t id = 0;
    std::string name;
    std::string title;
    std::string description;
    std::string url;
};

/// The living project of that name.
std::optional<StoredProject> find_project(pqxx::transaction_base& tx, const std::string& name);

/// The same, kept from every other writer until the transaction ends: whoever changes anything of a project
/// locks it first.
std::optional<StoredProject> lock_project(pqxx::transaction_base& tx, const std::string& name);

/// Keeps others from creating, deleting or restoring a project of that name until the transaction ends.
void lock_project_name(pqxx::transaction_base& tx, const std::string& name);

/// Creates it, with its first maintainer. The name is locked and free.
std::int64_t insert_project(pqxx::transaction_base& tx, const NewProject& project, const std::string& login);

/// Its maintainers may, and active administrators.
bool may_change_project(pqxx::transaction_base& tx, std::int64_t project_id, const std::string& login);
/// By login.
std::vector<std::string> maintainers_of(pqxx::transaction_base& tx, std::int64_t project_id);

/// False: that login is a maintainer's already.
bool add_maintainer(pqxx::transaction_base& tx, std::int64_t project_id, const std::string& login);
/// False: it is no maintainer's.
bool remove_maintainer(pqxx::transaction_base& tx, std::int64_t project_id, const std::string& login);

void mark_project_deleted(pqxx::transaction_base& tx, std::int64_t project_id);
/// The one of that name that was deleted last.
std::optional<std::int64_t> find_deleted_project(pqxx::transaction_base& tx, const std::string& name);
void mark_project_restored(pqxx::transaction_base& tx, std::int64_t project_id);

/// All living projects by name.
std::vector<StoredProject> list_projects(pqxx::transaction_base& tx);

/// `project_id` and all living projects whose repositories have paths that lead to it, however far.
std::vector<std::int64_t> projects_building_against(pqxx::transaction_base& tx, std::int64_t project_id);

}  // namespace heddle
