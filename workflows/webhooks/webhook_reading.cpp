// SPDX-License-Identifier: Apache-2.0
#include "workflows/webhooks/webhook_reading.hpp"

#include "workflows/model/storable_text.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr std::string_view kBranches = "refs/heads/";
constexpr std::string_view kTags = "refs/tags/";

bool is_no_commit(const std::string& id) {
    return !id.empty() && id.find_first_not_of('0') == std::string::npos;
}

}  // namespace

void WebhookReading::ignore(std::string why) {
    verdict = Verdict::Ignored;
    reason = std::move(why);
}

EventRepository read_repository(Payload& payload, const RepositoryPaths& paths) {
    EventRepository repository;
    repository.full_name = payload.name(paths.full_name);
    repository.web_url = payload.optional_url(paths.web_url);
    if (!paths.clone_url.empty()) repository.clone_url = payload.optional_url(paths.clone_url);
    if (!paths.id.empty()) repository.id = payload.optional_id(paths.id);
    if (paths.needs_clone_url && repository.clone_url.empty())
        payload.refuse("the payload lacks " + paths.clone_url);
    const std::size_t slash = repository.full_name.rfind('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == repository.full_name.size()) {
        payload.refuse(paths.full_name + " in the payload is not OWNER/NAME");
        return repository;
    }
    repository.owner = repository.full_name.substr(0, slash);
    repository.name = repository.full_name.substr(slash + 1);
    return repository;
}

void read_pushed_reference(WebhookReading& reading, const std::string& reference, const std::string& after) {
    ScmEvent& event = reading.event;
    const bool deleted = is_no_commit(after);
    event.source = {event.repository.full_name, "", event.repository.clone_url};
    event.target = event.source;
    if (!deleted) event.commit_sha = after;
    if (reference.starts_with(kTags) && reference.size() > kTags.size()) {
        event.event_class = EventClass::TagPush;
        event.tag = reference.substr(kTags.size());
        if (deleted) reading.ignore("tag deleted");
    } else if (reference.starts_with(kBranches) && reference.size() > kBranches.size()) {
        event.event_class = EventClass::Push;
        event.source.branch = event.target.branch = reference.substr(kBranches.size());
        if (deleted) reading.ignore("branch deleted");
    } else if (!reference.empty()) {
        reading.ignore("unsupported ref " + quoted(reference));
    }
}

void ignore_late_change(WebhookReading& reading, bool is_over) {
    const auto kind = reading.event.kind;
    if (is_over && (kind == PullRequestKind::Labeled || kind == PullRequestKind::Unlabeled ||
                    kind == PullRequestKind::Updated))
        reading.ignore("the pull request is closed");
}

std::string web_address(std::string url) {
    return url.starts_with("https://") || url.starts_with("http://") ? url : "";
}

void set_message(ScmEvent& event, std::string_view message) {
    const std::size_t end = message.find('\n');
    event.title = beginning_of(one_line(message.substr(0, end)), kLongestTitle);
    if (end == std::string_view::npos) return;
    const std::size_t begin = message.find_first_not_of("\r\n", end);
    if (begin != std::string_view::npos) event.description = message.substr(begin);
}

}  // namespace heddle
