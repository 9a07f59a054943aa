// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/project_link_store.hpp"

namespace heddle {

void add_project_link(pqxx::transaction_base& tx, std::int64_t project_id, const std::string& linked) {
    static const std::string kAddLink = R"sql(
        INSERT INTO bs_project_links (project_id, position, linked_project)
        SELECT $1, coalesce(max(position), 0) + 1, $2 FROM bs_project_links WHERE project_id = $1
        ON CONFLICT ON CONSTRAINT bs_project_link_once DO NOTHING)sql";
    tx.exec_params0(kAddLink, project_id, linked);
}

bool remove_project_link(pqxx::transaction_base& tx, std::int64_t project_id, const std::string& linked) {
    static const std::string kRemoveLink =
        "DELETE FROM bs_project_links WHERE project_id = $1 AND linked_project = $2";
    return tx.exec_params(kRemoveLink, project_id, linked).affected_rows() == 1;
}

std::vector<std::string> project_links_of(pqxx::transaction_base& tx, std::int64_t project_id) {
    static const std::string kLinks =
        "SELECT linked_project FROM bs_project_links WHERE project_id = $1 ORDER BY position";
    std::vector<std::string> links;
    for (const auto& row : tx.exec_params(kLinks, project_id)) links.push_back(row[0].as<std::string>());
    return links;
}

bool reaches_by_links(pqxx::transaction_base& tx, const std::string& project, const std::string& linked) {
    static const std::string kReaches = R"sql(
        WITH RECURSIVE reached (name) AS (
            SELECT $1::text
            UNION
            SELECT link.linked_project
            FROM reached r
            JOIN bs_projects p ON p.name = r.name AND p.deleted_at IS NULL
            JOIN bs_project_links link ON link.project_id = p.id)
        SELECT EXISTS (SELECT FROM reached WHERE name = $2))sql";
    return tx.exec_params1(kReaches, project, linked)[0].as<bool>();
}

std::optional<StoredPackage> find_package_by_links(pqxx::transaction_base& tx, const PackageRef& ref) {
    // Paths of positions sort as a reader of the links goes through them: a project's own before those of
    // its first link, all of those before its second.
    static const std::string kNearest = R"sql(
        WITH RECURSIVE reached (name, path) AS (
            SELECT $1::text, ARRAY[]::integer[]
            UNION ALL
            SELECT link.linked_project, r.path || link.position
            FROM reached r
            JOIN bs_projects p ON p.name = r.name AND p.deleted_at IS NULL
            JOIN bs_project_links link ON link.project_id = p.id) CYCLE name SET again USING seen
        SELECT r.name
        FROM reached r
        JOIN bs_projects p ON p.name = r.name AND p.deleted_at IS NULL
        JOIN bs_packages k ON k.project_id = p.id AND k.name = $2
        ORDER BY r.path LIMIT 1)sql";
    const pqxx::result rows = tx.exec_params(kNearest, ref.project, ref.package);
    if (rows.empty()) return std::nullopt;
    return find_package(tx, {rows[0][0].as<std::string>(), ref.package});
}

}  // namespace heddle
