// SPDX-License-Identifier: Apache-2.0
#include "tests/support/events.hpp"

namespace heddle::test {
namespace {

ScmEvent an_event(EventClass event_class, const std::string& commit_sha) {
    ScmEvent event;
    event.forge = "forge";
    event.event_class = event_class;
    event.delivery_id = "d-1";
    event.repository = {"openSUSE/repo123",
                        "openSUSE",
                        "repo123",
                        "https://forge.example/openSUSE/repo123",
                        "https://forge.example/openSUSE/repo123.git",
                        "42"};
    event.source = {event.repository.full_name, "", event.repository.clone_url};
    event.target = event.source;
    event.commit_sha = commit_sha;
    event.sender = "contributor";
    return event;
}

}  // namespace

ScmEvent a_pull_request(PullRequestKind kind) {
    ScmEvent event = an_event(EventClass::PullRequest, "123456789");
    event.kind = kind;
    event.action = to_string(kind);
    event.source = {"contributor/repo123", "feature", "https://forge.example/contributor/repo123.git"};
    event.target.branch = "master";
    event.number = 1;
    event.title = "Mend the greeting";
    event.url = "https://forge.example/openSUSE/repo123/pull/1";
    if (kind == PullRequestKind::Labeled || kind == PullRequestKind::Unlabeled) event.label = "build";
    if (kind == PullRequestKind::Labeled) event.labels = {"build"};
    return event;
}

ScmEvent a_push() {
    ScmEvent event = an_event(EventClass::Push, "456");
    event.source.branch = "main";
    event.target.branch = "main";
    event.url = "https://forge.example/openSUSE/repo123/commit/456";
    return event;
}

ScmEvent a_tag_push() {
    ScmEvent event = an_event(EventClass::TagPush, "789");
    event.tag = "release_abc";
    event.url = "https://forge.example/openSUSE/repo123/commit/789";
    return event;
}

std::vector<NamedEvent> all_events() {
    std::vector<NamedEvent> events;
    for (PullRequestKind kind : {PullRequestKind::Opened,
                                 PullRequestKind::Updated,
                                 PullRequestKind::Reopened,
                                 PullRequestKind::Closed,
                                 PullRequestKind::Merged,
                                 PullRequestKind::Labeled,
                                 PullRequestKind::Unlabeled})
        events.push_back({std::string(to_string(kind)), a_pull_request(kind)});
    events.push_back({"push", a_push()});
    events.push_back({"tag_push", a_tag_push()});
    return events;
}

}  // namespace heddle::test
