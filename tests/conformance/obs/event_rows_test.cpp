// SPDX-License-Identifier: Apache-2.0
// Which deliveries start a run, and as what (reference 15, rows 22 to 26): every event and action that OBS
// takes, of each forge, and some that it does not.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/conformance/obs/vector_world.hpp"

using namespace heddle;
using namespace heddle::test;
using nlohmann::json;

namespace {

/// A pull request's delivery with another word for its action.
std::string as(ForgeKind kind, const std::string& action) {
    const Delivery delivery = a_delivery(kind, of_repo123("opened"), "https://forge.example", "s", "d-1");
    json body = json::parse(delivery.body);
    (kind == ForgeKind::Gitlab ? body.at("object_attributes") : body)["action"] = action;
    const ParsedWebhook webhook = parse_webhook(delivery.headers, body.dump());
    if (webhook.verdict != Verdict::Accepted) return webhook.reason;
    return std::string(to_string(webhook.event.kind.value()));
}

/// What a happening becomes: its kind or class, or why it starts nothing.
std::string become(ForgeKind kind, const Happening& happening) {
    const ParsedWebhook webhook = received(kind, happening);
    if (webhook.verdict != Verdict::Accepted) return webhook.reason;
    if (webhook.event.kind) return std::string(to_string(*webhook.event.kind));
    return std::string(to_string(webhook.event.event_class));
}

using Words = std::vector<std::pair<std::string, std::string>>;

const Words kHubActions{{"opened", "opened"},
                        {"synchronize", "updated"},
                        {"synchronized", "updated"},
                        {"reopened", "reopened"},
                        {"closed", "closed"},
                        {"labeled", "labeled"},
                        {"unlabeled", "unlabeled"},
                        {"edited", "unsupported action \"edited\""},
                        {"ready_for_review", "unsupported action \"ready_for_review\""}};

const std::vector<ForgeKind> kForges{ForgeKind::Github, ForgeKind::Gitlab, ForgeKind::Gitea};

}  // namespace

TEST_CASE("row 22: the actions of GitHub's pull requests") {
    for (const auto& [action, kind] : kHubActions) CHECK(as(ForgeKind::Github, action) == kind);
}

TEST_CASE("row 23: the actions of GitLab's merge requests; an update without new commits is none (D22)") {
    for (const auto& [action, kind] : Words{{"open", "opened"},
                                            {"update", "no new commits"},
                                            {"reopen", "reopened"},
                                            {"close", "closed"},
                                            {"merge", "merged"},
                                            {"approved", "unsupported action \"approved\""}})
        CHECK(as(ForgeKind::Gitlab, action) == kind);
    CHECK(become(ForgeKind::Gitlab, of_repo123("updated")) == "updated");
}

TEST_CASE("row 24: the actions of Gitea's pull requests") {
    for (const auto& [action, kind] : kHubActions) CHECK(as(ForgeKind::Gitea, action) == kind);
    CHECK(as(ForgeKind::Gitea, "label_updated") == "labeled");
    CHECK(as(ForgeKind::Gitea, "label_cleared") == "unlabeled");
}

TEST_CASE("row 25: what happens is the same event at every forge") {
    for (const ForgeKind forge : kForges)
        for (const std::string what : {"opened",
                                       "updated",
                                       "reopened",
                                       "closed",
                                       "merged",
                                       "labeled",
                                       "unlabeled",
                                       "push",
                                       "tag_push"}) {
            CAPTURE(to_string(forge));
            CHECK(become(forge, of_repo123(what)) == what);
        }
}

TEST_CASE("row 26: a branch or tag that was deleted starts nothing") {
    for (const ForgeKind forge : kForges)
        for (const auto& [what, reason] : Words{{"push", "branch deleted"}, {"tag_push", "tag deleted"}}) {
            CAPTURE(to_string(forge));
            Happening gone = of_repo123(what);
            gone.commit = std::string(40, '0');
            const ParsedWebhook webhook = received(forge, gone);
            CHECK(webhook.verdict == Verdict::Ignored);
            CHECK(webhook.reason == reason);
        }
}
