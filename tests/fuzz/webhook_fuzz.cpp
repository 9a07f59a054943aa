// SPDX-License-Identifier: Apache-2.0
// Webhooks: lines that begin with "X-" or "Content-Type" are headers, what follows them is the body. A body
// without headers is read as every event of every forge.
#include <algorithm>
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "tests/fuzz/require.hpp"
#include "workflows/model/storable_text.hpp"
#include "workflows/plan_json.hpp"
#include "workflows/webhooks/webhook.hpp"

using namespace heddle;

namespace {

constexpr std::size_t kLongestName = 1024;

/// Kept by PostgreSQL as it is, and no longer than it may be.
void check_text(const std::string& text, std::size_t longest) {
    REQUIRE(storable_text(text) == text);
    REQUIRE(text.size() <= longest);
}

void check_name(const std::string& name) { check_text(name, kLongestName); }

void check_address(const std::string& url, bool may_be_ssh) {
    check_name(url);
    REQUIRE(url.empty() || url.starts_with("http://") || url.starts_with("https://") ||
            (may_be_ssh && url.starts_with("ssh://")));
}

void check_texts(const ScmEvent& event) {
    for (const std::string* name : {&event.repository.full_name,
                                    &event.repository.owner,
                                    &event.repository.name,
                                    &event.repository.id,
                                    &event.source.full_name,
                                    &event.source.branch,
                                    &event.target.full_name,
                                    &event.target.branch,
                                    &event.commit_sha,
                                    &event.tag,
                                    &event.label})
        check_name(*name);
    for (const std::string& label : event.labels) check_name(label);
    REQUIRE(event.labels.size() <= 1000);
    check_address(event.repository.web_url, false);
    check_address(event.repository.clone_url, true);
    check_address(event.source.clone_url, true);
    check_address(event.target.clone_url, true);
    check_address(event.url, false);
    // A NUL of one byte is shown by three.
    check_text(event.title, 3 * 1000);
    check_text(event.sender, 3 * 1000);
    check_text(event.action, 3 * 1000);
    check_text(event.description, 3 * 65'536);
    check_text(event.delivery_id, 200);
}

void check_accepted(const ScmEvent& event) {
    const bool is_pull_request = event.event_class == EventClass::PullRequest;
    const bool is_tag = event.event_class == EventClass::TagPush;
    REQUIRE(is_pull_request || is_tag || event.event_class == EventClass::Push);
    REQUIRE(event.kind.has_value() == is_pull_request);
    REQUIRE(event.number.has_value() == is_pull_request);
    REQUIRE(!event.number || *event.number > 0);
    REQUIRE(event.tag.empty() != is_tag);
    REQUIRE(event.target.branch.empty() == is_tag);
    REQUIRE(event.source.branch.empty() == is_tag);
    REQUIRE(!event.commit_sha.empty());
    REQUIRE(!event.repository.owner.empty() && !event.repository.name.empty());
    REQUIRE(event.repository.owner + "/" + event.repository.name == event.repository.full_name);
    REQUIRE(event.target.full_name == event.repository.full_name);
}

std::string check(const WebhookHeaders& headers, std::string_view body) {
    const ParsedWebhook parsed = parse_webhook(headers, body);
    REQUIRE(parsed.verdict != Verdict::Duplicate);
    REQUIRE(parsed.reason.empty() == (parsed.verdict == Verdict::Accepted));
    check_text(parsed.reason, 600);
    REQUIRE(
        std::none_of(parsed.reason.begin(), parsed.reason.end(), [](unsigned char c) { return c < 0x20; }));
    check_text(parsed.event_name, 400);
    REQUIRE(parsed.forge_kind == forge_kind_of(headers));
    REQUIRE(delivery_id_of(headers).size() <= 301);
    REQUIRE(parsed.event.forge.empty());
    check_texts(parsed.event);
    if (parsed.verdict == Verdict::Accepted) check_accepted(parsed.event);
    const std::string stored = to_json(parsed.event);
    REQUIRE(to_json(scm_event_from_json(stored)) == stored);
    REQUIRE(nlohmann::json::parse(event_json(parsed.event)).size() == 17);
    return std::string(to_string(parsed.verdict)) + parsed.reason + stored;
}

bool is_header(std::string_view line) { return line.starts_with("X-") || line.starts_with("Content-Type"); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::array<std::pair<const char*, const char*>, 12> events{{
        {"X-GitHub-Event", "pull_request"},
        {"X-GitHub-Event", "push"},
        {"X-GitHub-Event", "issues"},
        {"X-Gitea-Event", "pull_request"},
        {"X-Gitea-Event", "push"},
        {"X-Gitlab-Event", "Merge Request Hook"},
        {"X-Gitlab-Event", "Push Hook"},
        {"X-Gitlab-Event", "Note Hook"},
        {"X-Heddle-Event", "pull_request"},
        {"X-Heddle-Event", "push"},
        {"X-Heddle-Event", "tag_push"},
        {"X-Heddle-Event", "ping"},
    }};
    std::string_view body(reinterpret_cast<const char*>(data), size);
    WebhookHeaders headers;
    while (is_header(body)) {
        const std::string_view line = body.substr(0, body.find('\n'));
        const std::size_t colon = std::min(line.find(": "), line.size());
        headers.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 2, line.size())));
        body.remove_prefix(std::min(body.size(), line.size() + 1));
    }
    if (!headers.empty()) {
        REQUIRE(check(headers, body) == check(headers, body));
        return 0;
    }
    for (const auto& [header, event] : events) check({{header, event}}, body);
    return 0;
}
