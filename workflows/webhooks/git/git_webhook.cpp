// SPDX-License-Identifier: Apache-2.0
#include "workflows/webhooks/git/git_webhook.hpp"

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

/// git's short form of an ssh address, "git@host:owner/name", written out; everything else as it is.
std::string written_out(const std::string& url) {
    const auto colon = url.find(':');
    const auto at = url.find('@');
    if (colon == std::string::npos || at > colon || url.find('/') < colon) return url;
    const std::string path = url.substr(colon + 1);
    return "ssh://" + url.substr(0, colon) + (path.starts_with('/') ? "" : "/") + path;
}

/// An address that git can fetch from over a network. A path of this machine never comes from a payload, and
/// what stands behind '#' would name another commit than the event does.
std::string clone_url_at(Payload& payload, const std::string& path) {
    std::string url = written_out(payload.optional_name(path));
    const bool is_remote =
        url.starts_with("https://") || url.starts_with("http://") || url.starts_with("ssh://");
    if (url.empty() || (is_remote && url.find('#') == std::string::npos)) return url;
    payload.refuse(path + " in the payload is not an http or ssh address without '#'");
    return {};
}

void read_source(ScmEvent& event, Payload& payload) {
    event.source = {payload.optional_name("source.full_name"),
                    payload.name("source.branch"),
                    clone_url_at(payload, "source.clone_url")};
    if (!event.source.full_name.empty()) return;
    event.source.full_name = event.repository.full_name;
    event.source.clone_url = event.repository.clone_url;
}

void read_pull_request(WebhookReading& reading, Payload& payload) {
    ScmEvent& event = reading.event;
    event.event_class = EventClass::PullRequest;
    event.kind = pull_request_kind_from(event.action);
    event.number = payload.number("number");
    event.commit_sha = payload.commit("commit_sha");
    event.target = {event.repository.full_name, payload.name("target.branch"), event.repository.clone_url};
    read_source(event, payload);
    event.label = payload.optional_name("label");
    event.labels = payload.names("labels", "");
    event.draft = payload.flag("draft");
    if (event.action.empty())
        payload.refuse("the payload lacks action");
    else if (!event.kind)
        reading.ignore("unsupported action " + quoted(event.action));
}

void read_push(WebhookReading& reading, Payload& payload, const std::string& reference) {
    read_pushed_reference(reading, reference, payload.commit("commit_sha"));
}

}  // namespace

WebhookReading read_git_event(std::string_view event_name, Payload& payload) {
    WebhookReading reading;
    ScmEvent& event = reading.event;
    // The signature is over the body alone: its word counts, and the header may not say another.
    const std::string stated = payload.name("event");
    if (stated != event_name)
        payload.refuse("the header says event " + quoted(event_name) + ", the body " + quoted(stated));
    event.action = payload.optional_name("action");
    event.repository =
        read_repository(payload, {"repository.full_name", "repository.web_url", "", "", false});
    event.repository.clone_url = clone_url_at(payload, "repository.clone_url");
    event.repository.id = payload.optional_name("repository.id");
    event.repository.is_public = payload.flag("repository.public");
    event.title = payload.text("title", kLongestTitle);
    event.description = payload.text("description", kLongestDescription);
    event.sender = payload.text("sender", kLongestTitle);
    event.url = payload.optional_url("url");
    if (stated == "pull_request") {
        read_pull_request(reading, payload);
    } else if (stated == "push") {
        read_push(reading, payload, "refs/heads/" + payload.name("target.branch"));
    } else if (stated == "tag_push") {
        read_push(reading, payload, "refs/tags/" + payload.name("tag"));
    } else if (stated == "ping") {
        event.event_class = EventClass::Ping;
        reading.ignore("ping");
    } else if (!stated.empty()) {
        reading.ignore("unsupported event " + quoted(stated));
    }
    return reading;
}

}  // namespace heddle
