// SPDX-License-Identifier: Apache-2.0
#include "workflows/webhooks/gitea/gitea_webhook.hpp"

#include "workflows/webhooks/hub_shape.hpp"

namespace heddle {
namespace {

std::optional<PullRequestKind> kind_of(std::string_view action, bool merged) {
    if (action == "opened") return PullRequestKind::Opened;
    if (action == "synchronized" || action == "synchronize") return PullRequestKind::Updated;
    if (action == "reopened") return PullRequestKind::Reopened;
    if (action == "closed") return merged ? PullRequestKind::Merged : PullRequestKind::Closed;
    // Gitea says that labels changed, not which: the set decides. "Cleared" means that none is left.
    if (action == "labeled" || action == "label_updated") return PullRequestKind::Labeled;
    if (action == "unlabeled" || action == "label_cleared") return PullRequestKind::Unlabeled;
    return std::nullopt;
}

}  // namespace

WebhookReading read_gitea_event(std::string_view event_name, Payload& payload) {
    return read_hub_event(event_name, payload, {&kind_of, BranchRequestForm::ByCloneUrl});
}

}  // namespace heddle
