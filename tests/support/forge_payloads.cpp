// SPDX-License-Identifier: Apache-2.0
// Shapes after the vendors' pages: docs.github.com "Webhook events and payloads", docs.gitlab.com "Webhook
// events", docs.gitea.com "Webhooks".
#include "tests/support/forge_payloads.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace heddle::test {
namespace {

using nlohmann::json;

const std::string kNobody(40, '0');

std::string owner_of(const std::string& full_name) { return full_name.substr(0, full_name.rfind('/')); }
std::string name_of(const std::string& full_name) { return full_name.substr(full_name.rfind('/') + 1); }

json repository_json(const std::string& full_name, std::int64_t id, const std::string& web_url) {
    return {{"id", id},
            {"name", name_of(full_name)},
            {"full_name", full_name},
            {"private", false},
            {"owner", {{"id", 5}, {"login", owner_of(full_name)}, {"username", owner_of(full_name)}}},
            {"html_url", web_url + "/" + full_name},
            {"url", web_url + "/api/repos/" + full_name},
            {"clone_url", web_url + "/" + full_name + ".git"},
            {"default_branch", "main"}};
}

json commit_json(const Happening& it, const std::string& web_url) {
    return {{"id", it.commit},
            {"message", it.title},
            {"url", web_url + "/" + it.repository + "/commit/" + it.commit},
            {"timestamp", "2026-01-02T03:04:05Z"},
            {"author", {{"name", "Ann"}, {"email", "ann@example.org"}}}};
}

json push_json(const Happening& it, const std::string& web_url) {
    const bool tag = it.what == "tag_push";
    return {{"ref", tag ? "refs/tags/" + it.tag : "refs/heads/" + it.base},
            {"before", kNobody},
            {"after", it.commit},
            {"created", tag},
            {"deleted", false},
            {"forced", false},
            {"compare_url", web_url + "/compare"},
            {"commits", {commit_json(it, web_url)}},
            {"head_commit", commit_json(it, web_url)},
            {"repository", repository_json(it.repository, it.repository_id, web_url)},
            {"pusher", {{"name", "ann"}, {"login", "ann"}}},
            {"sender", {{"id", 9}, {"login", "ann"}, {"url", web_url + "/api/users/ann"}}}};
}

// GitHub's and Gitea's differ in the word for an update only.
json pull_request_json(const Happening& it, const std::string& web_url, const std::string& updated) {
    const bool merged = it.what == "merged";
    const std::string action = merged ? "closed" : it.what == "updated" ? updated : it.what;
    const std::string url = web_url + "/" + it.repository + "/pull/" + std::to_string(it.number);
    json labels = json::array();
    if (it.what == "labeled") labels.push_back({{"id", 3}, {"name", it.label}});
    json payload{{"action", action},
                 {"number", it.number},
                 {"pull_request",
                  {{"id", 1000 + it.number},
                   {"number", it.number},
                   {"url", url},
                   {"html_url", url},
                   {"state", action == "closed" ? "closed" : "open"},
                   {"title", it.title},
                   {"body", "Why it is needed."},
                   {"draft", false},
                   {"merged", merged},
                   {"labels", labels},
                   {"user", {{"id", 9}, {"login", "ann"}}},
                   {"head",
                    {{"label", it.head},
                     {"ref", it.head},
                     {"sha", it.commit},
                     {"repo", repository_json(it.source_repository, it.source_repository_id, web_url)}}},
                   {"base",
                    {{"label", it.base},
                     {"ref", it.base},
                     {"sha", kNobody},
                     {"repo", repository_json(it.repository, it.repository_id, web_url)}}}}},
                 {"repository", repository_json(it.repository, it.repository_id, web_url)},
                 {"sender", {{"id", 9}, {"login", "ann"}, {"url", web_url + "/api/users/ann"}}}};
    if (it.what == "labeled" || it.what == "unlabeled") payload["label"] = {{"id", 3}, {"name", it.label}};
    return payload;
}

json project_json(const std::string& full_name, std::int64_t id, const std::string& web_url) {
    return {{"id", id},
            {"name", name_of(full_name)},
            {"namespace", owner_of(full_name)},
            {"path_with_namespace", full_name},
            {"visibility_level", 20},
            {"default_branch", "main"},
            {"web_url", web_url + "/" + full_name},
            {"http_url", web_url + "/" + full_name + ".git"},
            {"git_http_url", web_url + "/" + full_name + ".git"}};
}

json gitlab_push_json(const Happening& it, const std::string& web_url) {
    const bool tag = it.what == "tag_push";
    return {{"object_kind", tag ? "tag_push" : "push"},
            {"event_name", tag ? "tag_push" : "push"},
            {"before", kNobody},
            {"after", it.commit},
            {"ref", tag ? "refs/tags/" + it.tag : "refs/heads/" + it.base},
            {"checkout_sha", it.commit},
            {"user_username", "ann"},
            {"project_id", it.repository_id},
            {"project", project_json(it.repository, it.repository_id, web_url)},
            {"commits", {commit_json(it, web_url)}},
            {"total_commits_count", 1}};
}

std::string gitlab_action(const std::string& what) {
    if (what == "opened") return "open";
    if (what == "reopened") return "reopen";
    if (what == "closed") return "close";
    if (what == "merged") return "merge";
    return "update";
}

json gitlab_merge_request_json(const Happening& it, const std::string& web_url) {
    const json label{{"id", 3}, {"title", it.label}};
    json labels = json::array();
    if (it.what == "labeled") labels.push_back(label);
    json attributes{{"id", 1000 + it.number},
                    {"iid", it.number},
                    {"title", it.title},
                    {"description", "Why it is needed."},
                    {"state",
                     it.what == "closed"   ? "closed"
                     : it.what == "merged" ? "merged"
                                           : "opened"},
                    {"action", gitlab_action(it.what)},
                    {"source_branch", it.head},
                    {"target_branch", it.base},
                    {"source_project_id", it.source_repository_id},
                    {"target_project_id", it.repository_id},
                    {"source", project_json(it.source_repository, it.source_repository_id, web_url)},
                    {"target", project_json(it.repository, it.repository_id, web_url)},
                    {"last_commit", commit_json(it, web_url)},
                    {"url", web_url + "/" + it.repository + "/-/merge_requests/" + std::to_string(it.number)},
                    {"draft", false},
                    {"work_in_progress", false}};
    if (it.what == "updated") attributes["oldrev"] = kNobody;
    json changes = json::object();
    if (it.what == "labeled") changes["labels"] = {{"previous", json::array()}, {"current", {label}}};
    if (it.what == "unlabeled") changes["labels"] = {{"previous", {label}}, {"current", json::array()}};
    return {{"object_kind", "merge_request"},
            {"event_type", "merge_request"},
            {"user", {{"id", 9}, {"username", "ann"}}},
            {"project", project_json(it.repository, it.repository_id, web_url)},
            {"object_attributes", attributes},
            {"labels", labels},
            {"changes", changes},
            {"repository", {{"name", name_of(it.repository)}}}};
}

bool is_push(const Happening& it) { return it.what == "push" || it.what == "tag_push"; }

Delivery github_delivery(const Happening& it,
                         const std::string& web_url,
                         const std::string& secret,
                         const std::string& id) {
    const json body = is_push(it) ? push_json(it, web_url) : pull_request_json(it, web_url, "synchronize");
    Delivery delivery{{{"X-GitHub-Event", is_push(it) ? "push" : "pull_request"}, {"X-GitHub-Delivery", id}},
                      body.dump()};
    delivery.headers.emplace_back("X-Hub-Signature-256", signature_of(secret, delivery.body));
    return delivery;
}

Delivery gitea_delivery(const Happening& it,
                        const std::string& web_url,
                        const std::string& secret,
                        const std::string& id) {
    const std::string event = is_push(it) ? "push" : "pull_request";
    const json body = is_push(it) ? push_json(it, web_url) : pull_request_json(it, web_url, "synchronized");
    Delivery delivery{{{"X-GitHub-Event", event},
                       {"X-GitHub-Delivery", id},
                       {"X-Gitea-Event", event},
                       {"X-Gitea-Delivery", id}},
                      body.dump()};
    delivery.headers.emplace_back("X-Hub-Signature-256", signature_of(secret, delivery.body));
    return delivery;
}

Delivery gitlab_delivery(const Happening& it,
                         const std::string& web_url,
                         const std::string& secret,
                         const std::string& id) {
    const std::string event = it.what == "push"       ? "Push Hook"
                              : it.what == "tag_push" ? "Tag Push Hook"
                                                      : "Merge Request Hook";
    const json body = is_push(it) ? gitlab_push_json(it, web_url) : gitlab_merge_request_json(it, web_url);
    return {{{"X-Gitlab-Event", event}, {"X-Gitlab-Event-UUID", id}, {"X-Gitlab-Token", secret}},
            body.dump()};
}

}  // namespace

std::string to_string(ForgeKind kind) {
    switch (kind) {
        case ForgeKind::Github: return "github";
        case ForgeKind::Gitlab: return "gitlab";
        case ForgeKind::Gitea: return "gitea";
    }
    throw std::logic_error("unknown ForgeKind");
}

Delivery a_delivery(ForgeKind kind,
                    const Happening& happening,
                    const std::string& web_url,
                    const std::string& secret,
                    const std::string& id) {
    Delivery delivery;
    switch (kind) {
        case ForgeKind::Github: delivery = github_delivery(happening, web_url, secret, id); break;
        case ForgeKind::Gitlab: delivery = gitlab_delivery(happening, web_url, secret, id); break;
        case ForgeKind::Gitea: delivery = gitea_delivery(happening, web_url, secret, id); break;
    }
    delivery.headers.emplace_back("Content-Type", "application/json");
    return delivery;
}

std::string signature_of(const std::string& secret, const std::string& body) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(body.data());
    if (!HMAC(
            EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes, body.size(), digest, &size))
        throw std::runtime_error("HMAC failed");
    static constexpr char kHex[] = "0123456789abcdef";
    std::string text = "sha256=";
    for (unsigned int i = 0; i < size; ++i) {
        text += kHex[digest[i] >> 4];
        text += kHex[digest[i] & 15];
    }
    return text;
}

}  // namespace heddle::test
