// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/repository_store.hpp"

#include <algorithm>
#include <optional>
#include <sstream>

#include "app/postgres/pool.hpp"

namespace heddle {
namespace {

std::optional<std::string> or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

// Architectures are checked names: nothing in them needs quoting.
std::string array_of(const std::vector<std::string>& architectures) {
    std::vector<std::string> unique;
    std::string text = "{";
    for (const std::string& architecture : architectures) {
        if (std::find(unique.begin(), unique.end(), architecture) != unique.end()) continue;
        text += (unique.empty() ? "" : ",") + architecture;
        unique.push_back(architecture);
    }
    return text + "}";
}

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, ',');) parts.push_back(part);
    return parts;
}

void append_path(pqxx::transaction_base& tx, std::int64_t repository_id, const RepositoryPath& path) {
    static const std::string kAppendPath = R"sql(
        INSERT INTO bs_repository_paths (repository_id, position, project, repository)
        SELECT $1, coalesce(max(position), 0) + 1, $2, $3 FROM bs_repository_paths WHERE repository_id = $1
        ON CONFLICT ON CONSTRAINT bs_path_once DO NOTHING)sql";
    tx.exec_params0(kAppendPath, repository_id, path.project, path.repository);
}

std::vector<RepositoryPath> paths_of(pqxx::transaction_base& tx, std::int64_t repository_id) {
    static const std::string kPaths = R"sql(
        SELECT project, repository FROM bs_repository_paths WHERE repository_id = $1 ORDER BY position)sql";
    std::vector<RepositoryPath> paths;
    for (const auto& row : tx.exec_params(kPaths, repository_id))
        paths.push_back({row[0].as<std::string>(), row[1].as<std::string>()});
    return paths;
}

}  // namespace

void put_repository(pqxx::transaction_base& tx, std::int64_t project_id, const RepositoryConfig& repository) {
    static const std::string kPutRepository = R"sql(
        INSERT INTO bs_repositories (project_id, name, rebuild, linkedbuild, architectures)
        VALUES ($1, $2, $3, $4, $5::text[])
        ON CONFLICT ON CONSTRAINT bs_one_repository_per_name DO UPDATE
        SET rebuild = EXCLUDED.rebuild, linkedbuild = EXCLUDED.linkedbuild,
            architectures = EXCLUDED.architectures
        RETURNING id)sql";
    const auto id = tx.exec_params1(kPutRepository,
                                    project_id,
                                    repository.name,
                                    or_null(repository.rebuild),
                                    or_null(repository.linkedbuild),
                                    array_of(repository.architectures))[0]
                        .as<std::int64_t>();
    for (const RepositoryPath& path : repository.paths) append_path(tx, id, path);
}

std::vector<RepositoryConfig> repositories_of(pqxx::transaction_base& tx, std::int64_t project_id) {
    static const std::string kRepositories = R"sql(
        SELECT id, name, coalesce(rebuild, '') AS rebuild, coalesce(linkedbuild, '') AS linkedbuild,
               array_to_string(architectures, ',') AS architectures
        FROM bs_repositories WHERE project_id = $1 ORDER BY name)sql";
    std::vector<RepositoryConfig> repositories;
    for (const auto& row : tx.exec_params(kRepositories, project_id)) {
        RepositoryConfig repository;
        repository.name = row["name"].as<std::string>();
        repository.paths = paths_of(tx, row["id"].as<std::int64_t>());
        repository.architectures = split(row["architectures"].as<std::string>());
        repository.rebuild = row["rebuild"].as<std::string>();
        repository.linkedbuild = row["linkedbuild"].as<std::string>();
        repositories.push_back(std::move(repository));
    }
    return repositories;
}

void copy_repositories(pqxx::transaction_base& tx,
                       std::int64_t from_id,
                       const std::string& from_name,
                       std::int64_t to_id) {
    for (RepositoryConfig repository : repositories_of(tx, from_id)) {
        repository.paths = {{from_name, repository.name}};
        put_repository(tx, to_id, repository);
    }
}

}  // namespace heddle
