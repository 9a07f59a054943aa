// SPDX-License-Identifier: Apache-2.0
#include "workflows/webhooks/webhook_kinds.hpp"

#include "workflows/webhooks/git/git_webhook.hpp"
#include "workflows/webhooks/gitea/gitea_webhook.hpp"
#include "workflows/webhooks/github/github_webhook.hpp"
#include "workflows/webhooks/gitlab/gitlab_webhook.hpp"

namespace heddle {
namespace {

// Forges that grew out of each other send each other's headers too: the order decides. Forgejo sends Gitea's,
// Gogs' and GitHub's, Gitea sends those of Gogs and GitHub, Gogs sends GitHub's.
constexpr std::array kKinds{
    WebhookKind{"X-Gitlab-Event",
                "gitlab",
                "GitLab",
                {"Idempotency-Key", "X-Gitlab-Event-UUID"},
                false,
                &read_gitlab_event},
    WebhookKind{"X-Gitea-Event", "gitea", "Gitea", {"X-Gitea-Delivery"}, false, &read_gitea_event},
    WebhookKind{"X-Forgejo-Event", "gitea", "Forgejo", {"X-Forgejo-Delivery"}, false, &read_gitea_event},
    WebhookKind{"X-Gogs-Event", "", "Gogs", {}, false, nullptr},
    WebhookKind{"X-GitHub-Event", "github", "GitHub", {"X-GitHub-Delivery"}, true, &read_github_event},
    WebhookKind{"X-Event-Key", "", "Bitbucket", {}, false, nullptr},
    WebhookKind{"X-Heddle-Event", "git", "git", {"X-Heddle-Delivery"}, false, &read_git_event},
};

}  // namespace

const WebhookKind* webhook_kind_of(const WebhookHeaders& headers) {
    for (const WebhookKind& kind : kKinds)
        if (!header_value(headers, kind.event_header).empty()) return &kind;
    return nullptr;
}

}  // namespace heddle
