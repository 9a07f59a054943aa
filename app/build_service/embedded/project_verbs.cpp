// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/request_verbs.hpp"
#include "app/build_service/embedded/schedule_store.hpp"
#include "app/build_service/embedded/service_verbs.hpp"
#include "app/postgres/build_event_store.hpp"

namespace heddle {

void create_project(const ServiceCall& call, const NewProject& project) {
    lock_project_name(call.tx, project.name);
    if (!find_project(call.tx, project.name)) create_writable_project(call, project);
}

bool delete_project(const ServiceCall& call, const std::string& name, const std::string& comment) {
    lock_project_name(call.tx, name);
    if (!find_project(call.tx, name)) return false;
    const StoredProject project = writable_project(call, name);
    const std::string reason = "project " + name + " was deleted" + (comment.empty() ? "" : ": " + comment);
    withdraw_builds_of_project(call.tx, project.id, reason);
    mark_project_deleted(call.tx, project.id);
    BuildEvent event = deletion_of({name, ""});
    event.reason = reason;
    store_build_events(call.tx, "embedded", {event});
    revoke_requests_about(call, {name, ""}, reason);
    return true;
}

bool restore_project(const ServiceCall& call, const std::string& name) {
    lock_project_name(call.tx, name);
    if (find_project(call.tx, name)) return true;
    const auto deleted = find_deleted_project(call.tx, name);
    if (!deleted) return false;
    if (!may_change_project(call.tx, *deleted, call.login))
        refuse(call, "no permission: " + call.login + " was no maintainer of " + name);
    mark_project_restored(call.tx, *deleted);
    schedule_project(call.tx, *deleted, schedule_request(call));
    return true;
}

}  // namespace heddle
