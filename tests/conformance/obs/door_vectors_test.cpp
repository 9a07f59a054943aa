// SPDX-License-Identifier: Apache-2.0
// What deliveries are answered with, and what is kept of them (reference 14, vectors 10 to 13, 15 to 18 and
// 31); with a database.
#include <doctest/doctest.h>

#include "app/crypto/hmac.hpp"
#include "tests/support/inbox_world.hpp"

using namespace heddle;
using heddle::testing::a_delivery;
using heddle::testing::a_ping;
using heddle::testing::InboxWorld;
using heddle::testing::KnownToken;
using heddle::testing::PullRequestFacts;
using heddle::testing::RunWorld;
using heddle::testing::TestDelivery;

namespace {

/// The inbox with a workflow token of a forge.
struct Door {
    RunWorld rows;
    InboxWorld inbox{rows};
    KnownToken token = inbox.add_token(inbox.forge_id());

    std::string runs() { return rows.ask("SELECT count(*) FROM workflow_runs"); }
    std::string verdicts() { return rows.ask("SELECT verdict FROM deliveries ORDER BY id"); }
};

std::string told(const InboxAnswer& answer) { return std::to_string(answer.status) + " " + answer.code; }

/// A pull request's delivery that says to be of that event.
TestDelivery of_event(const std::string& event) {
    TestDelivery delivery = a_delivery({});
    for (auto& [name, value] : delivery.headers)
        if (name == "X-GitHub-Event") value = event;
    return delivery;
}

}  // namespace

TEST_CASE("vectors 10 and 11: what starts nothing is answered 200 with the reason, without a run") {
    Door door;
    PullRequestFacts facts;
    facts.action = "assigned";
    const InboxAnswer action = door.inbox.send(door.token, a_delivery(facts, "d-2"));
    CHECK(told(action) == "200 ok");
    CHECK(action.info == "unsupported action \"assigned\"");
    const InboxAnswer event = door.inbox.send(door.token, of_event("create"));
    CHECK(told(event) == "200 ok");
    CHECK(event.info == "unsupported event \"create\"");
    CHECK(door.verdicts() == "ignored;ignored");
    CHECK(door.runs() == "0");
}

TEST_CASE("vectors 12 and 13: what can't be read is answered 400 unknown, without a run") {
    Door door;
    TestDelivery no_json = a_delivery({});
    no_json.body = "no json";
    TestDelivery no_header = a_delivery({}, "");
    std::erase_if(no_header.headers, [](const auto& header) { return header.first == "X-GitHub-Event"; });
    for (const TestDelivery& delivery : {no_json, no_header})
        CHECK(told(door.inbox.send(door.token, delivery)) == "400 unknown");
    CHECK(door.verdicts() == "rejected;rejected");
    CHECK(door.runs() == "0");
}

TEST_CASE("vector 15: a disabled token is not enabled") {
    Door door;
    door.rows.tell("UPDATE tokens SET enabled = false");
    CHECK(told(door.inbox.send(door.token, a_delivery({}))) == "403 not_enabled_token");
    CHECK(door.runs() == "0");
}

TEST_CASE("vector 16: a token of another kind triggers no workflows") {
    Door door;
    const KnownToken service = door.inbox.add_token(door.inbox.forge_id(), "service");
    const InboxAnswer answer = door.inbox.send(service, a_delivery({}));
    CHECK(told(answer) == "403 invalid_token");
    CHECK(answer.summary == "a token of kind service can't trigger workflows");
    CHECK(door.runs() == "0");
}

TEST_CASE("vector 17: every header of a signature opens the door for the bytes that were signed") {
    for (const std::string header : {"X-OBS-Signature", "X-Hub-Signature-256", "X-Pagure-Signature-256"}) {
        CAPTURE(header);
        Door door;
        TestDelivery delivery = a_delivery({});
        const std::string body = delivery.body;
        const std::string id = std::to_string(door.token.id);
        delivery.headers.emplace_back(header, sign_body(door.token.secret, body));
        delivery.body += " ";
        CHECK(told(door.inbox.send(delivery, id)) == "403 invalid_token");
        delivery.body = body;
        CHECK(told(door.inbox.send(delivery, id)) == "200 ok");
        // What was signed need not be anything that is understood.
        delivery.body = "Lorem Ipsum";
        delivery.headers.back().second = sign_body(door.token.secret, delivery.body);
        CHECK(told(door.inbox.send(delivery, id)) == "400 unknown");
        CHECK(door.verdicts() == "accepted;rejected");
    }
}

TEST_CASE("vector 18: a secret that is no ASCII is no token") {
    Door door;
    TestDelivery delivery = a_delivery({});
    delivery.headers.emplace_back("X-Gitlab-Token", "s\xc3\xbcsses");
    CHECK(told(door.inbox.send(delivery, std::nullopt)) == "403 invalid_token");
    CHECK(door.verdicts() == "");
}

TEST_CASE("vector 31: a ping is answered 200 and reports nothing") {
    Door door;
    const InboxAnswer answer = door.inbox.send(door.token, a_ping());
    CHECK(told(answer) == "200 ok");
    CHECK(answer.info == "ping");
    CHECK(door.runs() == "0");
    CHECK(door.rows.ask("SELECT count(*) FROM jobs") == "0");
}
