// SPDX-License-Identifier: Apache-2.0
// Deliveries of which no run is made (reference 14, vectors 10 to 13 and 31). What is answered over HTTP is
// the inbox's: door_vectors_test.cpp.
#include <doctest/doctest.h>

#include "tests/conformance/obs/vector_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

// GitHub's events "create" and "ping" (docs.github.com, "Webhook events and payloads"), cut to what tells
// them.
const std::string kRepository = R"("repository": {"full_name": "openSUSE/repo123",
    "clone_url": "https://forge.example/openSUSE/repo123.git"})";
const std::string kTagMade = R"({"ref": "v1", "ref_type": "tag", )" + kRepository + "}";
const std::string kPing = R"({"zen": "Take your time.", "hook_id": 7, )" + kRepository + "}";

}  // namespace

TEST_CASE("vector 10: an event that starts nothing is ignored with its name") {
    const ParsedWebhook webhook = parse_webhook({{"X-GitHub-Event", "create"}}, kTagMade);
    CHECK(webhook.verdict == Verdict::Ignored);
    CHECK(webhook.reason == "unsupported event \"create\"");
}

TEST_CASE("vector 11: an action that starts nothing is ignored with its name") {
    const ParsedWebhook webhook = received(ForgeKind::Github, of_repo123("assigned"));
    CHECK(webhook.verdict == Verdict::Ignored);
    CHECK(webhook.reason == "unsupported action \"assigned\"");
}

TEST_CASE("vector 12: a body that is no JSON is rejected with the place where it stops being it") {
    const ParsedWebhook webhook = parse_webhook({{"X-GitHub-Event", "push"}}, "{\"ref\": oops}");
    CHECK(webhook.verdict == Verdict::Rejected);
    CHECK(webhook.reason == "the body is not JSON: line 1, column 9");
}

TEST_CASE("vector 13: a delivery that no header tells the forge of is rejected") {
    const ParsedWebhook webhook = parse_webhook({{"Content-Type", "application/json"}}, kTagMade);
    CHECK(webhook.verdict == Verdict::Rejected);
    CHECK(webhook.forge_kind.empty());
    CHECK(webhook.reason == "no event header of a known forge");
}

TEST_CASE("vector 31: a ping is ignored, so that no file is fetched and nothing is reported") {
    const ParsedWebhook webhook = parse_webhook({{"X-GitHub-Event", "ping"}}, kPing);
    CHECK(webhook.verdict == Verdict::Ignored);
    CHECK(webhook.reason == "ping");
}
