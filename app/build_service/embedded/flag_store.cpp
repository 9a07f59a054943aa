// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/flag_store.hpp"

namespace heddle {

void put_flag(pqxx::transaction_base& tx,
              std::int64_t project_id,
              std::optional<std::int64_t> package_id,
              const Flag& flag) {
    static const std::string kPutFlag = R"sql(
        INSERT INTO bs_flags (project_id, package_id, type, status, repository, architecture)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT ON CONSTRAINT bs_one_flag DO UPDATE SET status = EXCLUDED.status)sql";
    tx.exec_params0(kPutFlag,
                    project_id,
                    package_id,
                    flag.type,
                    std::string(flag.enabled ? "enable" : "disable"),
                    flag.repository,
                    flag.architecture);
}

Flags flags_of(pqxx::transaction_base& tx, std::int64_t project_id, std::optional<std::int64_t> package_id) {
    static const std::string kFlags = R"sql(
        SELECT type, status = 'enable' AS enabled, repository, architecture, package_id IS NULL AS of_project
        FROM bs_flags WHERE project_id = $1 AND (package_id IS NULL OR package_id = $2) ORDER BY id)sql";
    Flags flags;
    for (const auto& row : tx.exec_params(kFlags, project_id, package_id)) {
        const Flag flag{row["type"].as<std::string>(),
                        row["enabled"].as<bool>(),
                        row["repository"].as<std::string>(),
                        row["architecture"].as<std::string>()};
        (row["of_project"].as<bool>() ? flags.of_project : flags.of_package).push_back(flag);
    }
    return flags;
}

void copy_project_flags(pqxx::transaction_base& tx,
                        std::int64_t from_project_id,
                        std::int64_t to_project_id) {
    static const std::string kCopyFlags = R"sql(
        INSERT INTO bs_flags (project_id, type, status, repository, architecture)
        SELECT $2, type, status, repository, architecture FROM bs_flags
        WHERE project_id = $1 AND package_id IS NULL AND type NOT IN ('build', 'lock')
        ON CONFLICT ON CONSTRAINT bs_one_flag DO NOTHING)sql";
    tx.exec_params0(kCopyFlags, from_project_id, to_project_id);
}

void copy_package_flags(pqxx::transaction_base& tx,
                        std::int64_t from_package_id,
                        std::int64_t to_project_id,
                        std::int64_t to_package_id) {
    static const std::string kCopyFlags = R"sql(
        INSERT INTO bs_flags (project_id, package_id, type, status, repository, architecture)
        SELECT $2, $3, type, status, repository, architecture FROM bs_flags
        WHERE package_id = $1 AND type NOT IN ('build', 'lock')
        ON CONFLICT ON CONSTRAINT bs_one_flag DO NOTHING)sql";
    tx.exec_params0(kCopyFlags, from_package_id, to_project_id, to_package_id);
}

}  // namespace heddle
