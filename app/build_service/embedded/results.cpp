// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <stdexcept>

#include "app/build_service/embedded/service_verbs.hpp"
#include "app/postgres/array_text.hpp"

namespace heddle {
namespace {

BuildState state_from(const std::string& word) {
    static constexpr std::array kStates{BuildState::Scheduled,
                                        BuildState::Building,
                                        BuildState::Succeeded,
                                        BuildState::Failed,
                                        BuildState::Broken,
                                        BuildState::Unresolvable,
                                        BuildState::Excluded,
                                        BuildState::Disabled};
    for (const BuildState state : kStates)
        if (to_string(state) == word) return state;
    throw std::logic_error("unknown state of a build: " + word);
}

}  // namespace

ResultsByPackage results_of(pqxx::transaction_base& tx,
                            const std::string& project,
                            const std::vector<std::string>& packages) {
    // What was withdrawn has a successor or is of no interest any more.
    static const std::string kResults = R"sql(
        SELECT DISTINCT ON (k.id, b.repository, b.architecture)
               k.name, b.repository, b.architecture, b.state, b.details, r.rev, r.srcmd5
        FROM bs_projects p
        JOIN bs_packages k ON k.project_id = p.id
        JOIN bs_builds b ON b.package_id = k.id
        JOIN bs_revisions r ON r.id = b.revision_id
        JOIN bs_repositories repository ON repository.project_id = p.id AND repository.name = b.repository
                                       AND b.architecture = ANY (repository.architectures)
        WHERE p.name = $1 AND p.deleted_at IS NULL AND k.name = ANY ($2::text[]) AND b.state <> 'withdrawn'
        ORDER BY k.id, b.repository, b.architecture, b.id DESC)sql";
    ResultsByPackage results;
    for (const auto& row : tx.exec_params(kResults, project, array_text(packages)))
        results[row["name"].as<std::string>()].push_back(
            {row["repository"].as<std::string>(),
             row["architecture"].as<std::string>(),
             state_from(row["state"].as<std::string>()),
             {row["rev"].as<std::string>(), row["srcmd5"].as<std::string>()},
             row["details"].as<std::string>()});
    return results;
}

}  // namespace heddle
