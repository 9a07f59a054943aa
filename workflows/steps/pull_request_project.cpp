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

StepOutcome delete_project_of_pull_request(const ScmEvent& event,
                                           BuildService& builds,
                                           RunLog& log,
                                           const std::string& project) {
    StepOutcome outcome;
    const std::vector<std::string> owned = log.owned_projects();
    if (std::find(owned.begin(), owned.end(), project) == owned.end()) {
        outcome.status = StepOutcome::Status::NotApplicable;
        outcome.message = builds.project_exists(project)
                              ? "project " + project + " stays: it was not made for this pull request"
                              : "there is no project " + project + " to delete";
        return outcome;
    }
    // A try that lost the answer deleted it already: it is recorded as gone all the same.
    const bool was_there = builds.delete_project(project, reason_to_delete(event));
    log.project_deleted(project);
    outcome.deleted_projects = {project};
    outcome.message = was_there ? "deleted project " + project : "project " + project + " is gone already";
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
