// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/scm_event.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<EventClass, std::string_view>, 5> kClasses{{
    {EventClass::PullRequest, "pull_request"},
    {EventClass::Push, "push"},
    {EventClass::TagPush, "tag_push"},
    {EventClass::Ping, "ping"},
    {EventClass::Other, "other"},
}};

constexpr std::array<std::pair<PullRequestKind, std::string_view>, 7> kKinds{{
    {PullRequestKind::Opened, "opened"},
    {PullRequestKind::Updated, "updated"},
    {PullRequestKind::Reopened, "reopened"},
    {PullRequestKind::Closed, "closed"},
    {PullRequestKind::Merged, "merged"},
    {PullRequestKind::Labeled, "labeled"},
    {PullRequestKind::Unlabeled, "unlabeled"},
}};

json or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

json side_json(const EventSide& side) {
    return {{"full_name", or_null(side.full_name)},
            {"branch", or_null(side.branch)},
            {"clone_url", or_null(side.clone_url)}};
}

std::string text_of(const json& object, const char* key) {
    const json& value = object.at(key);
    return value.is_null() ? std::string() : value.get<std::string>();
}

EventSide side_from(const json& object) {
    return {text_of(object, "full_name"), text_of(object, "branch"), text_of(object, "clone_url")};
}

EventRepository repository_from(const json& object) {
    return {text_of(object, "full_name"),
            text_of(object, "owner"),
            text_of(object, "name"),
            text_of(object, "web_url"),
            text_of(object, "clone_url"),
            text_of(object, "id")};
}

}  // namespace

std::string_view to_string(EventClass event_class) {
    for (const auto& [value, word] : kClasses)
        if (value == event_class) return word;
    throw std::logic_error("unknown EventClass");
}

std::string_view to_string(PullRequestKind kind) {
    for (const auto& [value, word] : kKinds)
        if (value == kind) return word;
    throw std::logic_error("unknown PullRequestKind");
}

std::optional<EventClass> event_class_from(std::string_view text) {
    for (const auto& [value, word] : kClasses)
        if (word == text) return value;
    return std::nullopt;
}

std::optional<PullRequestKind> pull_request_kind_from(std::string_view text) {
    for (const auto& [value, word] : kKinds)
        if (word == text) return value;
    return std::nullopt;
}

bool is_closing(const ScmEvent& event) {
    return event.kind == PullRequestKind::Closed || event.kind == PullRequestKind::Merged;
}

std::string in_words(const ScmEvent& event) {
    if (event.event_class == EventClass::PullRequest && event.number && event.kind)
        return "pull request #" + std::to_string(*event.number) + " " + std::string(to_string(*event.kind));
    if (event.event_class == EventClass::TagPush) return "tag " + one_line(event.tag) + " pushed";
    if (event.event_class == EventClass::Push) return "push to " + one_line(event.target.branch);
    return std::string(to_string(event.event_class));
}

std::string to_json(const ScmEvent& event) {
    const EventRepository& repository = event.repository;
    json out = json::object();
    out["forge"] = or_null(event.forge);
    out["class"] = to_string(event.event_class);
    out["kind"] = event.kind ? json(to_string(*event.kind)) : json(nullptr);
    out["action"] = or_null(event.action);
    out["delivery_id"] = or_null(event.delivery_id);
    out["repository"] = {{"full_name", or_null(repository.full_name)},
                         {"owner", or_null(repository.owner)},
                         {"name", or_null(repository.name)},
                         {"web_url", or_null(repository.web_url)},
                         {"clone_url", or_null(repository.clone_url)},
                         {"id", or_null(repository.id)}};
    out["source"] = side_json(event.source);
    out["target"] = side_json(event.target);
    out["number"] = event.number ? json(*event.number) : json(nullptr);
    out["title"] = or_null(event.title);
    out["description"] = or_null(event.description);
    out["commit_sha"] = or_null(event.commit_sha);
    out["tag"] = or_null(event.tag);
    out["label"] = or_null(event.label);
    out["labels"] = event.labels;
    out["sender"] = or_null(event.sender);
    out["url"] = or_null(event.url);
    out["draft"] = event.draft;
    if (repository.is_public) out["public"] = true;
    out["branch_request"] = event.branch_request == BranchRequestForm::ByFullName ? "full_name" : "clone_url";
    if (!event.status_repository.empty() && event.status_repository != repository.full_name) {
        out["status_repository"] = event.status_repository;
        if (!event.status_repository_id.empty()) out["status_repository_id"] = event.status_repository_id;
    }
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

ScmEvent scm_event_from_json(const std::string& text) try {
    const json in = json::parse(text);
    ScmEvent event;
    event.forge = text_of(in, "forge");
    event.event_class = event_class_from(in.at("class").get<std::string>()).value();
    if (!in.at("kind").is_null())
        event.kind = pull_request_kind_from(in.at("kind").get<std::string>()).value();
    event.action = text_of(in, "action");
    event.delivery_id = text_of(in, "delivery_id");
    event.repository = repository_from(in.at("repository"));
    event.repository.is_public = in.value("public", false);
    event.source = side_from(in.at("source"));
    event.target = side_from(in.at("target"));
    if (!in.at("number").is_null()) event.number = in.at("number").get<std::int64_t>();
    event.title = text_of(in, "title");
    event.description = text_of(in, "description");
    event.commit_sha = text_of(in, "commit_sha");
    event.tag = text_of(in, "tag");
    event.label = text_of(in, "label");
    event.labels = in.at("labels").get<std::vector<std::string>>();
    event.sender = text_of(in, "sender");
    event.url = text_of(in, "url");
    event.draft = in.at("draft").get<bool>();
    event.branch_request = text_of(in, "branch_request") == "full_name" ? BranchRequestForm::ByFullName
                                                                        : BranchRequestForm::ByCloneUrl;
    event.status_repository = in.value("status_repository", "");
    event.status_repository_id = in.value("status_repository_id", "");
    return event;
} catch (const std::exception& error) {
    throw std::logic_error(std::string("a stored event can't be read: ") + error.what());
}

}  // namespace heddle
