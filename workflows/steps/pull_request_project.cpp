// SPDX-License-Identifier: Apache-2.0
#include "workflows/steps/pull_request_project.hpp"

#include <algorithm>

#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

std::string origin_of(const ScmEvent& event) {
    if (event.event_class != EventClass::PullRequest) return "a workflow of " + event.repository.full_name;
    return "pull request #" + std::to_string(event.number.value()) + " of " + event.repository.full_name;
}

std::string reason_to_delete(const ScmEvent& event) {
    return origin_of(event) + " was " + std::string(to_string(event.kind.value()));
}

bool contains(const std::vector<std::string>& projects, const std::string& project) {
    return std::find(projects.begin(), projects.end(), project) != projects.end();
}

StepOutcome gone(const std::string& project, bool by_this_attempt) {
    StepOutcome outcome;
    outcome.deleted_projects = {project};
    outcome.message =
        by_this_attempt ? "deleted project " + project : "project " + project + " is gone already";
    return outcome;
}

}  // namespace

void claim_project(const StepContext& context, const std::string& project) {
    if (context.event.event_class != EventClass::PullRequest) return;
    context.log.claim_project(project, context.builds.project_exists(project));
}

void claim_existing_project(const StepContext& context, const std::string& project) {
    if (context.event.event_class != EventClass::PullRequest) return;
    if (!context.builds.project_exists(project))
        throw RemoteError(RemoteError::Kind::GiveUp,
                          "find project " + project,
                          "it does not exist; branch_package or link_package makes it");
    context.log.claim_project(project, true);
}

void ensure_project(const StepContext& context, const std::string& project) {
    NewProject made;
    made.name = project;
    made.title = "Made for " + origin_of(context.event);
    made.description = context.event.title;
    made.url = context.event.url;
    context.builds.create_project(made);
}

bool delete_owned_project(const ScmEvent& event,
                          BuildService& builds,
                          RunLog& log,
                          const std::string& project) {
    // A try that lost the answer deleted it already: it is recorded as gone all the same.
    const bool was_there = builds.delete_project(project, reason_to_delete(event));
    log.project_deleted(project);
    return was_there;
}

StepOutcome delete_project_of_pull_request(const StepContext& context, const std::string& project) {
    if (contains(context.deleted, project)) return gone(project, true);
    if (contains(context.log.owned_projects(), project))
        return gone(project, delete_owned_project(context.event, context.builds, context.log, project));
    StepOutcome outcome;
    outcome.status = StepOutcome::Status::NotApplicable;
    if (context.builds.project_exists(project))
        outcome.message = "project " + project + " stays: it was not made for this pull request";
    else if (context.log.owns_project(project))
        return gone(project, false);
    else
        outcome.message = "there is no project " + project + " to delete";
    return outcome;
}

void restore_project_of_pull_request(const StepContext& context, const std::string& project) {
    if (!context.log.owns_project(project)) return;
    // What is there was never deleted, or was restored by an earlier try, or is somebody else's by now.
    if (context.builds.project_exists(project)) return;
    // Recorded before asking: a lost answer must not cost us the project.
    context.log.project_restored(project);
    context.builds.restore_project(project);
}

}  // namespace heddle
