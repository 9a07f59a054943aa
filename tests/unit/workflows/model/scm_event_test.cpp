// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/scm_event.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace heddle;

TEST_CASE("an event survives its JSON") {
    ScmEvent event;
    event.forge = "local";
    event.event_class = EventClass::PullRequest;
    event.kind = PullRequestKind::Labeled;
    event.repository = {"group/sub/name", "group/sub", "name", "https://x", "https://x.git", "12"};
    event.source = {"fork/name", "feature/ü \"x\"", "https://fork.git"};
    event.target = {"group/sub/name", "main", ""};
    event.number = 7;
    event.labels = {"a", "b: c"};
    event.label = "b: c";
    event.commit_sha = "0123";
    event.draft = true;
    event.repository.is_public = true;
    event.branch_request = BranchRequestForm::ByFullName;

    const ScmEvent back = scm_event_from_json(to_json(event));
    CHECK(to_json(back) == to_json(event));
    CHECK(back.source.branch == "feature/ü \"x\"");
    CHECK(back.number == 7);
    CHECK(back.repository.is_public);
    CHECK(back.kind == PullRequestKind::Labeled);
    CHECK(back.branch_request == BranchRequestForm::ByFullName);
}

TEST_CASE("absent values of an event are null") {
    const auto json = nlohmann::json::parse(to_json(ScmEvent{}));
    CHECK(json.at("number").is_null());
    CHECK(json.at("title").is_null());
    CHECK(json.at("kind").is_null());
    CHECK(json.at("class") == "other");
    CHECK(json.at("source").at("branch").is_null());
}

TEST_CASE("where statuses go stands in an event's JSON only where it is another repository") {
    ScmEvent event;
    CHECK_FALSE(nlohmann::json::parse(to_json(event)).contains("status_repository"));
    CHECK(scm_event_from_json(to_json(event)).status_repository.empty());
    event.repository.full_name = event.status_repository = "owner/name";
    CHECK_FALSE(nlohmann::json::parse(to_json(event)).contains("status_repository"));
    event.status_repository = "fork/name";
    CHECK(scm_event_from_json(to_json(event)).status_repository == "fork/name");
    CHECK_FALSE(nlohmann::json::parse(to_json(event)).contains("status_repository_id"));
    event.status_repository_id = "78";
    CHECK(scm_event_from_json(to_json(event)).status_repository_id == "78");
}

TEST_CASE("that a repository is public stands in an event's JSON only where it is true") {
    ScmEvent event;
    CHECK_FALSE(nlohmann::json::parse(to_json(event)).contains("public"));
    CHECK_FALSE(scm_event_from_json(to_json(event)).repository.is_public);
    event.repository.is_public = true;
    CHECK(scm_event_from_json(to_json(event)).repository.is_public);
}

TEST_CASE("what is no stored event is a bug") {
    CHECK_THROWS_AS(scm_event_from_json("{}"), std::logic_error);
    CHECK_THROWS_AS(scm_event_from_json("nonsense"), std::logic_error);
}
