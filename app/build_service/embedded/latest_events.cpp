// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/project_store.hpp"
#include "app/build_service/embedded/schedule_store.hpp"
#include "app/build_service/embedded/service_verbs.hpp"

namespace heddle {
namespace {

/// How the newest build of each repository and architecture ended. One that was withdrawn has a successor or
/// is of no interest any more.
void add_ends(pqxx::transaction_base& tx, std::int64_t package_id, std::vector<BuildEvent>& events) {
    static const std::string kNewest = R"sql(
        SELECT id FROM (
            SELECT DISTINCT ON (repository, architecture) id, state FROM bs_builds
            WHERE package_id = $1 AND state <> 'withdrawn'
            ORDER BY repository, architecture, id DESC) newest
        WHERE state NOT IN ('scheduled', 'building') ORDER BY id)sql";
    for (const pqxx::row& row : tx.exec_params(kNewest, package_id)) {
        events.push_back(end_event(tx, row[0].as<std::int64_t>(), true));
        events.back().is_last = true;
    }
}

}  // namespace

std::vector<BuildEvent> latest_events(pqxx::transaction_base& tx,
                                      const std::string& project,
                                      const std::vector<std::string>& packages) {
    if (!find_project(tx, project)) return {deletion_of({project, ""})};
    std::vector<BuildEvent> events;
    for (const std::string& name : packages) {
        const PackageRef ref{project, name};
        if (const auto package = find_package(tx, ref))
            add_ends(tx, package->id, events);
        else
            events.push_back(deletion_of(ref));
    }
    return events;
}

}  // namespace heddle
