// SPDX-License-Identifier: Apache-2.0
#include "workflows/webhooks/gitlab/gitlab_webhook.hpp"

#include <algorithm>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using Names = std::vector<std::string>;

/// GitLab means to drop `http_url` for `git_http_url` and sends both until then.
std::string clone_url_at(const Payload& payload, const std::string& project) {
    return project + (payload.has(project + ".http_url") ? ".http_url" : ".git_http_url");
}

EventRepository read_project(Payload& payload, const std::string& project, const std::string& id) {
    constexpr std::int64_t kPublic = 20;  // 0: private, 10: for everybody who signed in
    EventRepository repository = read_repository(
        payload,
        {project + ".path_with_namespace", project + ".web_url", clone_url_at(payload, project), id, true});
    repository.is_public = payload.level(project + ".visibility_level") == kPublic;
    return repository;
}

Names missing_in(const Names& names, const Names& others) {
    Names missing;
    for (const std::string& name : names)
        if (std::find(others.begin(), others.end(), name) == others.end()) missing.push_back(name);
    return missing;
}

/// Labels that came win over labels that went. Where several changed at once no single one is named: then the
/// set decides, as for forges that do not say which label it was.
void read_label_change(WebhookReading& reading, Payload& payload) {
    const Names before = payload.names("changes.labels.previous", "title");
    const Names after = payload.names("changes.labels.current", "title");
    const Names added = missing_in(after, before);
    const Names removed = missing_in(before, after);
    if (added.empty() && removed.empty()) return reading.ignore("no new commits");
    const Names& changed = added.empty() ? removed : added;
    reading.event.kind = added.empty() ? PullRequestKind::Unlabeled : PullRequestKind::Labeled;
    if (changed.size() == 1) reading.event.label = changed.front();
}

void read_action(WebhookReading& reading, Payload& payload) {
    const std::string& action = reading.event.action;
    if (action == "open")
        reading.event.kind = PullRequestKind::Opened;
    else if (action == "reopen")
        reading.event.kind = PullRequestKind::Reopened;
    else if (action == "close")
        reading.event.kind = PullRequestKind::Closed;
    else if (action == "merge")
        reading.event.kind = PullRequestKind::Merged;
    else if (action == "update" && !payload.optional_name("object_attributes.oldrev").empty())
        reading.event.kind = PullRequestKind::Updated;  // decision D22: only then the head has moved
    else if (action == "update")
        read_label_change(reading, payload);
    else if (!action.empty())
        reading.ignore("unsupported action " + quoted(action));
}

void read_merge_request(WebhookReading& reading, Payload& payload) {
    ScmEvent& event = reading.event;
    event.event_class = EventClass::PullRequest;
    event.action = payload.name("object_attributes.action");
    event.number = payload.number("object_attributes.iid");
    event.commit_sha = payload.commit("object_attributes.last_commit.id");
    event.repository =
        read_project(payload, "object_attributes.target", "object_attributes.target_project_id");
    event.target = {event.repository.full_name,
                    payload.name("object_attributes.target_branch"),
                    event.repository.clone_url};
    // A fork that was deleted meanwhile has no project any more.
    event.source.full_name = payload.optional_name("object_attributes.source.path_with_namespace");
    event.source.branch = payload.name("object_attributes.source_branch");
    event.source.clone_url = payload.optional_url(clone_url_at(payload, "object_attributes.source"));
    // Decision D4: statuses of a fork's commits are accepted in the fork only.
    if (!event.source.full_name.empty() && event.source.full_name != event.repository.full_name) {
        event.status_repository = event.source.full_name;
        event.status_repository_id = payload.optional_id("object_attributes.source_project_id");
    }
    event.title = payload.text("object_attributes.title", kLongestTitle);
    event.description = payload.text("object_attributes.description", kLongestDescription);
    event.labels = payload.names("labels", "title");
    event.sender = payload.text("user.username", kLongestTitle);
    event.url = payload.optional_url("object_attributes.url");
    // Servers before 14.8 know only the old name.
    event.draft =
        payload.flag("object_attributes.draft") || payload.flag("object_attributes.work_in_progress");
    read_action(reading, payload);
    const std::string state = payload.optional_name("object_attributes.state");
    ignore_late_change(reading, state == "closed" || state == "merged");
}

void read_push(WebhookReading& reading, Payload& payload) {
    ScmEvent& event = reading.event;
    const std::string reference = payload.name("ref");
    event.repository = read_project(payload, "project", "project_id");
    read_pushed_reference(reading, reference, payload.commit("after"));
    set_message(event, payload.text_in("commits", "id", event.commit_sha, "message", kLongestDescription));
    event.url = web_address(payload.text_in("commits", "id", event.commit_sha, "url", kLongestTitle));
    // Old servers send no login.
    event.sender = payload.text(payload.has("user_username") ? "user_username" : "user_name", kLongestTitle);
}

}  // namespace

WebhookReading read_gitlab_event(std::string_view event_name, Payload& payload) {
    WebhookReading reading;
    if (event_name == "Merge Request Hook") {
        read_merge_request(reading, payload);
    } else if (event_name == "Push Hook" || event_name == "Tag Push Hook") {
        read_push(reading, payload);
    } else {
        reading.event.action = payload.text("object_attributes.action", kLongestTitle);
        reading.event.repository = read_project(payload, "project", "project.id");
        reading.event.sender = payload.text("user.username", kLongestTitle);
        reading.ignore("unsupported event " + quoted(event_name));
    }
    return reading;
}

}  // namespace heddle
