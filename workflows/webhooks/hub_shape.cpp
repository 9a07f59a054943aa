// SPDX-License-Identifier: Apache-2.0
#include "workflows/webhooks/hub_shape.hpp"

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

/// `internal`: its owner is shown only to those who signed in.
bool is_public(Payload& payload, const std::string& path) {
    const bool is_hidden = payload.flag(path + ".private") || payload.flag(path + ".internal");
    return payload.has(path + ".private") && !is_hidden;
}

EventRepository repository_at(Payload& payload, const std::string& path, const HubRules& rules) {
    EventRepository repository = read_repository(payload,
                                                 {path + ".full_name",
                                                  path + ".html_url",
                                                  path + ".clone_url",
                                                  path + ".id",
                                                  rules.branch_request == BranchRequestForm::ByCloneUrl});
    repository.is_public = is_public(payload, path);
    return repository;
}

void read_pull_request(WebhookReading& reading, Payload& payload, const HubRules& rules) {
    ScmEvent& event = reading.event;
    event.event_class = EventClass::PullRequest;
    event.action = payload.name("action");
    event.number = payload.number("number");
    event.commit_sha = payload.commit("pull_request.head.sha");
    event.repository = repository_at(payload, "pull_request.base.repo", rules);
    event.target = {
        event.repository.full_name, payload.name("pull_request.base.ref"), event.repository.clone_url};
    // A fork that was deleted meanwhile has no repository any more.
    event.source.full_name = payload.optional_name("pull_request.head.repo.full_name");
    event.source.branch = payload.name("pull_request.head.ref");
    event.source.clone_url = payload.optional_url("pull_request.head.repo.clone_url");
    event.title = payload.text("pull_request.title", kLongestTitle);
    event.description = payload.text("pull_request.body", kLongestDescription);
    event.labels = payload.names("pull_request.labels", "name");
    event.url = payload.optional_url("pull_request.html_url");
    event.draft = payload.flag("pull_request.draft");
    event.kind = rules.kind_of(event.action, payload.flag("pull_request.merged"));
    if (event.kind == PullRequestKind::Labeled || event.kind == PullRequestKind::Unlabeled)
        event.label = payload.optional_name("label.name");
    if (!event.kind && !event.action.empty()) reading.ignore("unsupported action " + quoted(event.action));
    ignore_late_change(reading, payload.optional_name("pull_request.state") == "closed");
}

/// A field of the pushed commit: of `head_commit`, else (older servers send none) of its entry in the list.
std::string commit_text(Payload& payload, const std::string& id, std::string_view field) {
    if (payload.has("head_commit"))
        return payload.text("head_commit." + std::string(field), kLongestDescription);
    return payload.text_in("commits", "id", id, field, kLongestDescription);
}

void read_push(WebhookReading& reading, Payload& payload, const HubRules& rules) {
    ScmEvent& event = reading.event;
    const std::string reference = payload.name("ref");
    event.repository = repository_at(payload, "repository", rules);
    read_pushed_reference(reading, reference, payload.commit("after"));
    set_message(event, commit_text(payload, event.commit_sha, "message"));
    event.url = web_address(commit_text(payload, event.commit_sha, "url"));
    // `after` of an annotated tag is the tag's own object.
    const bool has_commit = event.event_class == EventClass::TagPush && payload.has("head_commit.id");
    if (has_commit) event.commit_sha = payload.commit("head_commit.id");
}

}  // namespace

WebhookReading read_hub_event(std::string_view event_name, Payload& payload, const HubRules& rules) {
    WebhookReading reading;
    reading.event.branch_request = rules.branch_request;
    reading.event.sender = payload.text("sender.login", kLongestTitle);
    if (event_name == "pull_request") {
        read_pull_request(reading, payload, rules);
    } else if (event_name == "push") {
        read_push(reading, payload, rules);
    } else {
        const bool is_ping = event_name == "ping";
        reading.event.event_class = is_ping ? EventClass::Ping : EventClass::Other;
        reading.event.action = payload.text("action", kLongestTitle);
        reading.event.repository = repository_at(payload, "repository", rules);
        reading.ignore(is_ping ? "ping" : "unsupported event " + quoted(event_name));
    }
    return reading;
}

}  // namespace heddle
