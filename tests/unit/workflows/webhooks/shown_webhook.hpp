// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "workflows/webhooks/webhook.hpp"

namespace heddle::test {

/// Everything that a webhook became, by the names of the columns of tests/conformance/webhooks and, beyond
/// them, "description", "branch_request", "status_repository", "forge_kind" and "event_name". Absent values
/// are empty.
inline std::map<std::string, std::string> shown(const ParsedWebhook& parsed) {
    const ScmEvent& event = parsed.event;
    std::string labels;
    for (const std::string& label : event.labels) labels += (labels.empty() ? "" : ",") + label;
    return {
        {"verdict", std::string(to_string(parsed.verdict))},
        {"reason", parsed.reason},
        {"forge_kind", parsed.forge_kind},
        {"event_name", parsed.event_name},
        {"class", std::string(to_string(event.event_class))},
        {"kind", event.kind ? std::string(to_string(*event.kind)) : ""},
        {"action", event.action},
        {"delivery_id", event.delivery_id},
        {"repository", event.repository.full_name},
        {"owner", event.repository.owner},
        {"name", event.repository.name},
        {"repository_id", event.repository.id},
        {"web_url", event.repository.web_url},
        {"clone_url", event.repository.clone_url},
        {"public", event.repository.is_public ? "yes" : ""},
        {"source", event.source.full_name},
        {"source_branch", event.source.branch},
        {"source_url", event.source.clone_url},
        {"target", event.target.full_name},
        {"target_branch", event.target.branch},
        {"target_url", event.target.clone_url},
        {"number", event.number ? std::to_string(*event.number) : ""},
        {"title", event.title},
        {"description", event.description},
        {"commit", event.commit_sha},
        {"tag", event.tag},
        {"label", event.label},
        {"labels", labels},
        {"sender", event.sender},
        {"url", event.url},
        {"draft", event.draft ? "yes" : "no"},
        {"status_repository", event.status_repository},
        {"status_repository_id", event.status_repository_id},
        {"branch_request", event.branch_request == BranchRequestForm::ByFullName ? "full_name" : "clone_url"},
    };
}

}  // namespace heddle::test
