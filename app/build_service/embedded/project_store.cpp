// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/project_store.hpp"

namespace heddle {
namespace {

StoredProject read_project(const pqxx::row& row) {
    return {row["id"].as<std::int64_t>(),
            row["name"].as<std::string>(),
            row["title"].as<std::string>(),
            row["description"].as<std::string>(),
            row["url"].as<std::string>()};
}

std::optional<StoredProject> first_project(const pqxx::result& rows) {
    if (rows.empty()) return std::nullopt;
    return read_project(rows.front());
}

}  // namespace

std::optional<StoredProject> find_project(pqxx::transaction_base& tx, const std::string& name) {
    static const std::string kFindProject = R"sql(
        SELECT id, name, title, description, url FROM bs_projects WHERE name = $1 AND deleted_at IS NULL)sql";
    return first_project(tx.exec_params(kFindProject, name));
}

std::optional<StoredProject> lock_project(pqxx::transaction_base& tx, const std::string& name) {
    static const std::string kLockProject = R"sql(
        SELECT id, name, title, description, url FROM bs_projects WHERE name = $1 AND deleted_at IS NULL
        FOR NO KEY UPDATE)sql";
    return first_project(tx.exec_params(kLockProject, name));
}

void lock_project_name(pqxx::transaction_base& tx, const std::string& name) {
    // The number only keeps these locks apart from those of other parts of Heddle.
    static const std::string kLockName = "SELECT pg_advisory_xact_lock(1214599251, hashtext($1))";
    tx.exec_params1(kLockName, name);
}

std::int64_t insert_project(pqxx::transaction_base& tx, const NewProject& project, const std::string& login) {
    static const std::string kInsertProject = R"sql(
        INSERT INTO bs_projects (name, title, description, url) VALUES ($1, $2, $3, $4) RETURNING id)sql";
    const auto id =
        tx.exec_params1(kInsertProject, project.name, project.title, project.description, project.url)[0]
            .as<std::int64_t>();
    add_maintainer(tx, id, login);
    return id;
}

bool may_change_project(pqxx::transaction_base& tx, std::int64_t project_id, const std::string& login) {
    static const std::string kMayChange = R"sql(
        SELECT EXISTS (SELECT FROM bs_maintainers WHERE project_id = $1 AND login = $2)
            OR EXISTS (SELECT FROM users WHERE login = $2 AND administrator AND active))sql";
    return tx.exec_params1(kMayChange, project_id, login)[0].as<bool>();
}

std::vector<std::string> maintainers_of(pqxx::transaction_base& tx, std::int64_t project_id) {
    static const std::string kMaintainers =
        "SELECT login FROM bs_maintainers WHERE project_id = $1 ORDER BY login";
    std::vector<std::string> logins;
    for (const auto& row : tx.exec_params(kMaintainers, project_id))
        logins.push_back(row[0].as<std::string>());
    return logins;
}

bool add_maintainer(pqxx::transaction_base& tx, std::int64_t project_id, const std::string& login) {
    static const std::string kAddMaintainer =
        "INSERT INTO bs_maintainers (project_id, login) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    return tx.exec_params(kAddMaintainer, project_id, login).affected_rows() == 1;
}

bool remove_maintainer(pqxx::transaction_base& tx, std::int64_t project_id, const std::string& login) {
    static const std::string kRemoveMaintainer =
        "DELETE FROM bs_maintainers WHERE project_id = $1 AND login = $2";
    return tx.exec_params(kRemoveMaintainer, project_id, login).affected_rows() == 1;
}

void mark_project_deleted(pqxx::transaction_base& tx, std::int64_t project_id) {
    static const std::string kDelete =
        "UPDATE bs_projects SET deleted_at = clock_timestamp() WHERE id = $1 AND deleted_at IS NULL";
    tx.exec_params0(kDelete, project_id);
}

std::optional<std::int64_t> find_deleted_project(pqxx::transaction_base& tx, const std::string& name) {
    static const std::string kFindDeleted = R"sql(
        SELECT id FROM bs_projects WHERE name = $1 AND deleted_at IS NOT NULL
        ORDER BY deleted_at DESC, id DESC LIMIT 1)sql";
    const pqxx::result rows = tx.exec_params(kFindDeleted, name);
    if (rows.empty()) return std::nullopt;
    return rows[0][0].as<std::int64_t>();
}

void mark_project_restored(pqxx::transaction_base& tx, std::int64_t project_id) {
    static const std::string kRestore = "UPDATE bs_projects SET deleted_at = NULL WHERE id = $1";
    tx.exec_params0(kRestore, project_id);
}

std::vector<StoredProject> list_projects(pqxx::transaction_base& tx) {
    static const std::string kListProjects = R"sql(
        SELECT id, name, title, description, url FROM bs_projects WHERE deleted_at IS NULL ORDER BY name)sql";
    std::vector<StoredProject> projects;
    for (const auto& row : tx.exec_params(kListProjects)) projects.push_back(read_project(row));
    return projects;
}

std::vector<std::int64_t> projects_building_against(pqxx::transaction_base& tx, std::int64_t project_id) {
    static const std::string kBuildingAgainst = R"sql(
        WITH RECURSIVE reached (id, name) AS (
            SELECT id, name FROM bs_projects WHERE id = $1
            UNION
            SELECT p.id, p.name
            FROM reached r
            JOIN bs_repository_paths path ON path.project = r.name
            JOIN bs_repositories repository ON repository.id = path.repository_id
            JOIN bs_projects p ON p.id = repository.project_id AND p.deleted_at IS NULL)
        SELECT id FROM reached ORDER BY id)sql";
    std::vector<std::int64_t> ids;
    for (const auto& row : tx.exec_params(kBuildingAgainst, project_id))
        ids.push_back(row[0].as<std::int64_t>());
    return ids;
}

}  // namespace heddle
