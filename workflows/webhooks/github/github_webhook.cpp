// SPDX-License-Identifier: Apache-2.0
#include "workflows/webhooks/github/github_webhook.hpp"

#include "workflows/webhooks/hub_shape.hpp"

namespace heddle {
namespace {

std::optional<PullRequestKind> kind_of(std::string_view action, bool merged) {
    if (action == "opened") return PullRequestKind::Opened;
    if (action == "synchronize" || action == "synchronized") return PullRequestKind::Updated;
    if (action == "reopened") return PullRequestKind::Reopened;
    if (action == "closed") return merged ? PullRequestKind::Merged : PullRequestKind::Closed;
    if (action == "labeled") return PullRequestKind::Labeled;
    if (action == "unlabeled") return PullRequestKind::Unlabeled;
    return std::nullopt;
}

}  // namespace

WebhookReading read_github_event(std::string_view event_name, Payload& payload) {
    return read_hub_event(event_name, payload, {&kind_of, BranchRequestForm::ByFullName});
}

}  // namespace heddle
