// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/build_list.hpp"

namespace heddle {
namespace {

ListedBuild read_build(const pqxx::row& row) {
    return {row["id"].as<std::int64_t>(),
            row["repository"].as<std::string>(),
            row["architecture"].as<std::string>(),
            row["state"].as<std::string>(),
            row["details"].as<std::string>()};
}

}  // namespace

std::vector<ListedBuild> newest_builds(pqxx::transaction_base& tx, const PackageRef& package) {
    static const std::string kNewest = R"sql(
        SELECT DISTINCT ON (b.repository, b.architecture)
               b.id, b.repository, b.architecture, b.state, b.details
        FROM bs_builds b
        JOIN bs_packages k ON k.id = b.package_id
        JOIN bs_projects p ON p.id = k.project_id
        WHERE p.name = $1 AND k.name = $2 AND p.deleted_at IS NULL
        ORDER BY b.repository, b.architecture, b.id DESC)sql";
    std::vector<ListedBuild> builds;
    for (const auto& row : tx.exec_params(kNewest, package.project, package.package))
        builds.push_back(read_build(row));
    return builds;
}

std::optional<ListedBuild> find_build(pqxx::transaction_base& tx, std::int64_t build_id) {
    static const std::string kFind =
        "SELECT id, repository, architecture, state, details FROM bs_builds WHERE id = $1";
    const pqxx::result rows = tx.exec_params(kFind, build_id);
    if (rows.empty()) return std::nullopt;
    return read_build(rows.front());
}

}  // namespace heddle
