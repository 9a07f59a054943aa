// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/obs/vector_world.hpp"

#include <doctest/doctest.h>

#include "tests/unit/workflows/definition/shown.hpp"

namespace heddle::test {

std::string commit_id(const std::string& digits) { return digits + std::string(40 - digits.size(), '0'); }

Happening of_repo123(const std::string& what) {
    const bool push = what == "push" || what == "tag_push";
    Happening it;
    it.what = what;
    it.commit = commit_id(push ? "456" : "123456789");
    it.base = push ? "main" : "master";
    it.tag = "release_abc";
    it.repository = "openSUSE/repo123";
    it.source_repository = "contributor/repo123";
    it.source_repository_id = 78;
    return it;
}

ParsedWebhook received(ForgeKind kind, const Happening& happening) {
    const Delivery delivery = a_delivery(kind, happening, "https://forge.example", "secret", "d-1");
    return parse_webhook(delivery.headers, delivery.body);
}

ScmEvent event_of(ForgeKind kind, const Happening& happening) {
    const ParsedWebhook webhook = received(kind, happening);
    REQUIRE_MESSAGE(webhook.verdict == Verdict::Accepted, webhook.reason);
    return webhook.event;
}

Definition definition_of(const std::string& file, const ScmEvent& event) {
    const ParsedDefinition parsed = parse_definition(file, event);
    REQUIRE_MESSAGE(parsed.definition, shown(parsed.problems));
    return *parsed.definition;
}

Plan plan_of(const std::string& file, const ScmEvent& event) {
    return make_plan(definition_of(file, event), event);
}

FilterVerdict verdict_on(const std::string& file, const ScmEvent& event) {
    const Definition definition = definition_of(file, event);
    REQUIRE(definition.workflows.size() == 1);
    return judge_filters(definition.workflows[0], event, definition.merge_request_alias);
}

std::string problems_of(const std::string& file, const ScmEvent& event) {
    return shown(parse_definition(file, event).problems);
}

RunReport VectorWorld::run_file(const std::string& file, const ScmEvent& event) {
    const auto deleted = delete_projects_of_closed(event, builds, log);
    return run_workflows(event, definition_of(file, event), builds, log, run_mark, token_label, deleted);
}

}  // namespace heddle::test
