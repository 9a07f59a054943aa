// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/pull_request_project_store.hpp"

#include <optional>
#include <stdexcept>

namespace heddle {
namespace {

struct Record {
    PullRequestRef pull_request;
    bool deleted = false;
};

/// The row of that name, locked. The insert makes two claims of one new name wait for each other.
std::optional<Record> find_record(pqxx::transaction_base& tx, const std::string& project) {
    static const std::string kFindRecord = R"sql(
        SELECT repository_id, number, deleted_at IS NOT NULL AS deleted FROM pull_request_projects
        WHERE project = $1 FOR UPDATE)sql";
    const pqxx::result rows = tx.exec_params(kFindRecord, project);
    if (rows.empty()) return std::nullopt;
    return Record{{rows[0]["repository_id"].as<std::int64_t>(), rows[0]["number"].as<std::int64_t>()},
                  rows[0]["deleted"].as<bool>()};
}

/// False: somebody else was quicker.
bool insert_record(pqxx::transaction_base& tx,
                   const PullRequestRef& pull_request,
                   const std::string& project,
                   std::int64_t run_id) {
    static const std::string kRecord = R"sql(
        INSERT INTO pull_request_projects (repository_id, number, project, run_id) VALUES ($1, $2, $3, $4)
        ON CONFLICT ON CONSTRAINT one_pull_request_per_project DO NOTHING)sql";
    return tx.exec_params(kRecord, pull_request.repository_id, pull_request.number, project, run_id)
               .affected_rows() == 1;
}

void take_over(pqxx::transaction_base& tx,
               const PullRequestRef& pull_request,
               const std::string& project,
               std::int64_t run_id) {
    static const std::string kTakeOver = R"sql(
        UPDATE pull_request_projects SET repository_id = $2, number = $3, run_id = $4, deleted_at = NULL
        WHERE project = $1)sql";
    tx.exec_params0(kTakeOver, project, pull_request.repository_id, pull_request.number, run_id);
}

void forget_record(pqxx::transaction_base& tx, const std::string& project) {
    static const std::string kForget = "DELETE FROM pull_request_projects WHERE project = $1";
    tx.exec_params0(kForget, project);
}

}  // namespace

ProjectClaim claim_project(pqxx::transaction_base& tx,
                           const PullRequestRef& pull_request,
                           const std::string& project,
                           bool exists,
                           std::int64_t run_id) {
    const std::optional<Record> record = find_record(tx, project);
    if (!record) {
        if (exists) return ProjectClaim::Foreign;
        if (insert_record(tx, pull_request, project, run_id)) return ProjectClaim::Owned;
        return claim_project(tx, pull_request, project, exists, run_id);
    }
    if (!record->deleted)
        return record->pull_request == pull_request ? ProjectClaim::Owned : ProjectClaim::OfAnotherOne;
    // Ours was deleted. What is there now, if anything, was made by somebody else.
    if (exists) {
        forget_record(tx, project);
        return ProjectClaim::Foreign;
    }
    take_over(tx, pull_request, project, run_id);
    return ProjectClaim::Owned;
}

bool owns_project(pqxx::transaction_base& tx,
                  const PullRequestRef& pull_request,
                  const std::string& project) {
    const std::optional<Record> record = find_record(tx, project);
    return record && record->pull_request == pull_request;
}

std::vector<std::string> owned_projects(pqxx::transaction_base& tx, const PullRequestRef& pull_request) {
    static const std::string kOwned = R"sql(
        SELECT project FROM pull_request_projects
        WHERE repository_id = $1 AND number = $2 AND deleted_at IS NULL ORDER BY id)sql";
    std::vector<std::string> projects;
    for (const pqxx::row& row : tx.exec_params(kOwned, pull_request.repository_id, pull_request.number))
        projects.push_back(row[0].as<std::string>());
    return projects;
}

std::vector<std::string> projects_deleted_in(pqxx::transaction_base& tx,
                                             const PullRequestRef& pull_request,
                                             std::int64_t run_id) {
    static const std::string kDeletedIn = R"sql(
        SELECT project FROM pull_request_projects p JOIN workflow_runs r ON r.id = $3
        WHERE p.repository_id = $1 AND p.number = $2 AND deleted_at >= r.started_at ORDER BY p.id)sql";
    std::vector<std::string> projects;
    for (const pqxx::row& row :
         tx.exec_params(kDeletedIn, pull_request.repository_id, pull_request.number, run_id))
        projects.push_back(row[0].as<std::string>());
    return projects;
}

void mark_project_deleted(pqxx::transaction_base& tx,
                          const PullRequestRef& pull_request,
                          const std::string& project) {
    static const std::string kDeleted = R"sql(
        UPDATE pull_request_projects SET deleted_at = coalesce(deleted_at, now())
        WHERE repository_id = $1 AND number = $2 AND project = $3)sql";
    tx.exec_params0(kDeleted, pull_request.repository_id, pull_request.number, project);
}

void mark_project_restored(pqxx::transaction_base& tx,
                           const PullRequestRef& pull_request,
                           const std::string& project) {
    static const std::string kRestored = R"sql(
        UPDATE pull_request_projects SET deleted_at = NULL
        WHERE repository_id = $1 AND number = $2 AND project = $3)sql";
    tx.exec_params0(kRestored, pull_request.repository_id, pull_request.number, project);
}

}  // namespace heddle
