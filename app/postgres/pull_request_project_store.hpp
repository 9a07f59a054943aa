// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <pqxx/pqxx>
#include <string>
#include <vector>

namespace heddle {

/// A pull request by its repository and number.
struct PullRequestRef {
    std::int64_t repository_id = 0;
    std::int64_t number = 0;

    bool operator==(const PullRequestRef&) const = default;
};

/// What claiming a project's name for a pull request came to.
enum class ProjectClaim {
    Owned,         // recorded for this pull request: made by it, deleted with it
    Foreign,       // was there before and is nobody's: used, never deleted
    OfAnotherOne,  // recorded for another pull request: must not be touched
};

/// Before a project is made. `exists`: the build service has it already. Safe to repeat.
ProjectClaim claim_project(pqxx::transaction_base& tx,
                           const PullRequestRef& pull_request,
                           const std::string& project,
                           bool exists,
                           std::int64_t run_id);
/// Is it recorded for this pull request, deleted or not?
bool owns_project(pqxx::transaction_base& tx, const PullRequestRef& pull_request, const std::string& project);
/// Those that are recorded for it and not deleted since, in order of their making.
std::vector<std::string> owned_projects(pqxx::transaction_base& tx, const PullRequestRef& pull_request);
/// Those that were deleted since a run began, in order of their making.
std::vector<std::string> projects_deleted_in(pqxx::transaction_base& tx,
                                             const PullRequestRef& pull_request,
                                             std::int64_t run_id);
void mark_project_deleted(pqxx::transaction_base& tx,
                          const PullRequestRef& pull_request,
                          const std::string& project);
void mark_project_restored(pqxx::transaction_base& tx,
                           const PullRequestRef& pull_request,
                           const std::string& project);

}  // namespace heddle
