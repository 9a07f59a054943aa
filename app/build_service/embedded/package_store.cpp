// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/package_store.hpp"

#include "app/postgres/pool.hpp"

namespace heddle {
namespace {

StoredPackage read_package(const pqxx::row& row) {
    StoredPackage package;
    package.id = row["id"].as<std::int64_t>();
    package.project_id = row["project_id"].as<std::int64_t>();
    package.ref = {row["project"].as<std::string>(), row["name"].as<std::string>()};
    package.automatic = row["automatic"].as<bool>();
    package.scmsync = nullable<std::string>(row["scmsync"]);
    if (!row["link_project"].is_null())
        package.link = {row["link_project"].as<std::string>(), row["link_package"].as<std::string>()};
    return package;
}

std::optional<StoredPackage> first_package(const pqxx::result& rows) {
    if (rows.empty()) return std::nullopt;
    return read_package(rows.front());
}

}  // namespace

std::optional<StoredPackage> find_package(pqxx::transaction_base& tx, const PackageRef& ref) {
    static const std::string kFindPackage = R"sql(
        SELECT k.id, k.project_id, p.name AS project, k.name, k.scmsync, k.link_project, k.link_package,
               k.automatic
        FROM bs_packages k JOIN bs_projects p ON p.id = k.project_id
        WHERE p.name = $1 AND k.name = $2 AND p.deleted_at IS NULL)sql";
    return first_package(tx.exec_params(kFindPackage, ref.project, ref.package));
}

std::optional<StoredPackage> lock_package(pqxx::transaction_base& tx, std::int64_t id) {
    static const std::string kLockPackage = R"sql(
        SELECT k.id, k.project_id, p.name AS project, k.name, k.scmsync, k.link_project, k.link_package,
               k.automatic
        FROM bs_packages k JOIN bs_projects p ON p.id = k.project_id
        WHERE k.id = $1 AND p.deleted_at IS NULL
        FOR NO KEY UPDATE OF k FOR SHARE OF p)sql";
    return first_package(tx.exec_params(kLockPackage, id));
}

std::int64_t insert_package(pqxx::transaction_base& tx, const StoredPackage& package) {
    static const std::string kInsertPackage = R"sql(
        INSERT INTO bs_packages (project_id, name, scmsync, link_project, link_package, automatic)
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING id)sql";
    std::optional<std::string> link_project, link_package;
    if (package.link) {
        link_project = package.link->project;
        link_package = package.link->package;
    }
    return tx
        .exec_params1(kInsertPackage,
                      package.project_id,
                      package.ref.package,
                      package.scmsync,
                      link_project,
                      link_package,
                      package.automatic)[0]
        .as<std::int64_t>();
}

void set_scmsync_of(pqxx::transaction_base& tx, std::int64_t package_id, const std::string& url) {
    static const std::string kSetScmsync = "UPDATE bs_packages SET scmsync = $2 WHERE id = $1";
    tx.exec_params0(kSetScmsync, package_id, url);
}

void set_link_of(pqxx::transaction_base& tx, std::int64_t package_id, const PackageRef& source) {
    static const std::string kSetLink =
        "UPDATE bs_packages SET link_project = $2, link_package = $3 WHERE id = $1";
    tx.exec_params0(kSetLink, package_id, source.project, source.package);
}

void remove_package(pqxx::transaction_base& tx, std::int64_t package_id) {
    static const std::string kRemovePackage = "DELETE FROM bs_packages WHERE id = $1";
    tx.exec_params0(kRemovePackage, package_id);
}

std::vector<StoredPackage> packages_of(pqxx::transaction_base& tx, std::int64_t project_id) {
    static const std::string kPackages = R"sql(
        SELECT k.id, k.project_id, p.name AS project, k.name, k.scmsync, k.link_project, k.link_package,
               k.automatic
        FROM bs_packages k JOIN bs_projects p ON p.id = k.project_id
        WHERE k.project_id = $1 ORDER BY k.name)sql";
    std::vector<StoredPackage> packages;
    for (const auto& row : tx.exec_params(kPackages, project_id)) packages.push_back(read_package(row));
    return packages;
}

std::vector<std::int64_t> packages_linking_to(pqxx::transaction_base& tx, const PackageRef& ref) {
    static const std::string kLinking = R"sql(
        WITH RECURSIVE linking (id, project, package) AS (
            SELECT k.id, p.name, k.name
            FROM bs_packages k JOIN bs_projects p ON p.id = k.project_id AND p.deleted_at IS NULL
            WHERE k.link_project = $1 AND k.link_package = $2
            UNION
            SELECT k.id, p.name, k.name
            FROM linking l
            JOIN bs_packages k ON k.link_project = l.project AND k.link_package = l.package
            JOIN bs_projects p ON p.id = k.project_id AND p.deleted_at IS NULL)
        SELECT id FROM linking ORDER BY id)sql";
    std::vector<std::int64_t> ids;
    for (const auto& row : tx.exec_params(kLinking, ref.project, ref.package))
        ids.push_back(row[0].as<std::int64_t>());
    return ids;
}

}  // namespace heddle
