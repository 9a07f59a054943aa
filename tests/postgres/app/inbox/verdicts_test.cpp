// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "app/postgres/delivery_store.hpp"
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

struct Sender {
    RunWorld rows;
    InboxWorld inbox{rows};
    KnownToken token = inbox.add_token(inbox.forge_id());

    InboxAnswer send(const TestDelivery& delivery) { return inbox.send(token, delivery); }
    std::string deliveries(const std::string& columns) {
        return rows.ask("SELECT " + columns + " FROM deliveries ORDER BY id");
    }
    std::string started() {
        return rows.ask("SELECT (SELECT count(*) FROM workflow_runs), (SELECT count(*) FROM jobs)");
    }
};

}  // namespace

TEST_CASE("an accepted delivery becomes a run, its job, and a row that tells of them") {
    Sender sender;
    const InboxAnswer answer = sender.send(a_delivery({}));
    CHECK(answer.status == 200);
    CHECK(answer.code == "ok");
    CHECK(answer.summary == "Ok");
    CHECK(answer.info.empty());
    CHECK(answer.forge_kind == "github");
    CHECK(answer.verdict == "accepted");
    CHECK(sender.deliveries(
              "id, token_id, verdict, reason, forge_kind, event_name, delivery_id, run_id, duplicate_of, "
              "answer_code, answer") == std::to_string(*answer.delivery) + "|" +
                                            std::to_string(sender.token.id) +
                                            "|accepted||github|pull_request|pull_request d-1|" +
                                            std::to_string(*answer.run) + "|NULL|200|Ok");
    CHECK(sender.rows.ask(
              "SELECT token_id, origin, number, commit_sha, queue_key, status FROM workflow_runs") ==
          std::to_string(sender.token.id) +
              "|webhook|1|1111111111111111111111111111111111111111|src/42/pull/1|queued");
    CHECK(sender.rows.ask("SELECT kind, key, payload->>'run' FROM jobs") ==
          "run_workflows|src/42/pull/1|" + std::to_string(*answer.run));
    CHECK(
        sender.rows.ask("SELECT identity, full_name, clone_url, web_url FROM repositories WHERE forge_id = " +
                        std::to_string(sender.inbox.forge_id())) ==
        "42|weavers/loom|https://forge.example/weavers/loom.git|https://forge.example/weavers/loom");
    CHECK(sender.rows.ask("SELECT triggered_at > now() - interval '1 minute' FROM tokens WHERE id = " +
                          std::to_string(sender.token.id)) == "t");
    // The delivery and the run keep the same event: that of the plan.
    CHECK(sender.rows.ask(
              "SELECT d.event = r.event, d.event->>'forge', d.event->>'kind' FROM deliveries d JOIN "
              "workflow_runs r ON r.id = run_id") == "t|src|opened");
}

TEST_CASE("the body is kept as it came, the headers without their secrets") {
    Sender sender;
    PullRequestFacts facts;
    facts.title = std::string(20'000, 'x') + "\xE2\x82\xAC <script>";
    TestDelivery delivery = a_delivery(facts);
    for (const auto& [name, value] : WebhookHeaders{{"Authorization", "Basic c2VjcmV0"},
                                                    {"Cookie", "session=hush"},
                                                    {"X-Gitlab-Token", "hush"},
                                                    {"X-Hub-Signature", "sha1=hush"},
                                                    {"X-Api-Key", "hush"},
                                                    {"X-Custom", "is " + sender.token.secret},
                                                    {"Referer", "https://ann:hush@forge.example/"},
                                                    {"Origin", "https://forge.example/a@b"},
                                                    {"X-Forwarded-For", "192.0.2.1"},
                                                    {"X-Odd", "\xff\x01"}})
        delivery.headers.emplace_back(name, value);
    const InboxAnswer answer = sender.send(delivery);
    REQUIRE(answer.delivery);
    const std::string headers = sender.deliveries("headers");
    CHECK(headers.find("hush") == std::string::npos);
    CHECK(headers.find("c2VjcmV0") == std::string::npos);
    CHECK(headers.find("sha256=") == std::string::npos);
    CHECK(headers.find(R"(["X-Forwarded-For", "192.0.2.1"])") != std::string::npos);
    CHECK(headers.find(R"(["X-Gitlab-Token", "[redacted]"])") != std::string::npos);
    CHECK(headers.find(R"(["X-GitHub-Delivery", "d-1"])") != std::string::npos);
    CHECK(headers.find(R"(["Origin", "https://forge.example/a@b"])") != std::string::npos);
    CHECK(in_transaction(sender.rows.pool(), [&](pqxx::work& tx) {
              return read_delivery_body(tx, *answer.delivery);
          }) == delivery.body);
    CHECK(sender.deliveries("body_size") == std::to_string(delivery.body.size()));
    CHECK(sender.deliveries("length(body) < 1000") == "t");
    CHECK(sender.rows.ask("SELECT count(*) FROM deliveries WHERE deliveries::text LIKE '%" +
                          sender.token.secret + "%'") == "0");
}

TEST_CASE("a ping is ignored, and seen") {
    Sender sender;
    const InboxAnswer answer = sender.send(a_ping());
    CHECK(answer.status == 200);
    CHECK(answer.code == "ok");
    CHECK(answer.info == "ping");
    CHECK_FALSE(answer.run);
    CHECK(sender.deliveries("verdict, reason, event->>'class', answer") == "ignored|ping|ping|ping");
    CHECK(sender.started() == "0|0");
    CHECK(sender.rows.ask("SELECT count(*) FROM tokens WHERE triggered_at IS NOT NULL") == "1");
}

TEST_CASE("an event that starts nothing is ignored with its reason") {
    Sender sender;
    PullRequestFacts facts;
    facts.action = "assigned";
    const InboxAnswer answer = sender.send(a_delivery(facts));
    CHECK(answer.status == 200);
    CHECK(answer.info == "unsupported action \"assigned\"");
    CHECK(sender.deliveries("verdict, reason") == "ignored|unsupported action \"assigned\"");
    CHECK(sender.started() == "0|0");
}

TEST_CASE("what an authentic sender sends in no usable form is rejected and kept") {
    Sender sender;
    TestDelivery delivery = a_delivery({});
    SUBCASE("no JSON") { delivery.body = "no json"; }
    SUBCASE("nothing") { delivery.body.clear(); }
    SUBCASE("half of it") { delivery.body.resize(delivery.body.size() / 2); }
    SUBCASE("no object") { delivery.body = "[]"; }
    SUBCASE("bytes") { delivery.body = std::string("\0\xff\xfe{", 4); }
    SUBCASE("a form") { delivery.headers[0].second = "multipart/form-data; boundary=x"; }
    SUBCASE("without its commit") { delivery.body.replace(delivery.body.find("\"sha\""), 5, "\"shy\""); }
    SUBCASE("a name with NUL") {
        delivery.body.replace(delivery.body.find("\"main\""), 6, "\"ma\\u0000in\"");
    }
    SUBCASE("a name that is too long for an index") {
        delivery.body.replace(delivery.body.find("\"main\""), 6, "\"" + std::string(5000, 'b') + "\"");
    }
    SUBCASE("without an event header") { delivery.headers[1].first = "X-Some-Event"; }
    const InboxAnswer answer = sender.send(delivery);
    CHECK(answer.status == 400);
    CHECK(answer.code == "unknown");
    CHECK_FALSE(answer.summary.empty());
    CHECK(answer.summary != "Ok");
    CHECK(answer.delivery);
    CHECK(sender.deliveries("verdict, reason = answer, event IS NULL, answer_code") == "rejected|t|t|400");
    CHECK(sender.deliveries("reason") == answer.summary);
    CHECK(sender.started() == "0|0");
    CHECK(sender.rows.ask("SELECT count(*) FROM tokens WHERE triggered_at IS NOT NULL") == "0");
}

TEST_CASE("a title with characters that PostgreSQL does not take is shown without them") {
    Sender sender;
    TestDelivery delivery = a_delivery({});
    delivery.body.replace(delivery.body.find("Mend the loom"), 13, "Mend \\u0000 \\u001b[31m \\ud83e\\uddf5");
    CHECK(sender.send(delivery).verdict == "accepted");
    CHECK(sender.deliveries("event->>'title'") == "Mend \xEF\xBF\xBD \x1b[31m \xF0\x9F\xA7\xB5");
}

TEST_CASE("a rejected delivery may come again when its cause is mended") {
    Sender sender;
    TestDelivery broken = a_delivery({});
    broken.body = "no json";
    CHECK(sender.send(broken).verdict == "rejected");
    CHECK(sender.send(a_delivery({})).verdict == "accepted");
    CHECK(sender.deliveries("verdict, delivery_id") == "rejected|NULL;accepted|pull_request d-1");
}

TEST_CASE("hostile headers change nothing and break nothing") {
    Sender sender;
    TestDelivery delivery = a_delivery({}, "");
    std::string verdict = "accepted";
    SUBCASE("a delivery id of 60,000 bytes") {
        delivery.headers.emplace_back("X-GitHub-Delivery", std::string(60'000, 'd'));
    }
    SUBCASE("a delivery id of bytes") { delivery.headers.emplace_back("X-GitHub-Delivery", "\xff\xfe\x01"); }
    SUBCASE("a delivery id with NUL") {
        delivery.headers.emplace_back("X-GitHub-Delivery", std::string("a\0b", 3));
    }
    SUBCASE("a thousand headers") {
        for (int i = 0; i < 1000; ++i)
            delivery.headers.emplace_back("X-" + std::to_string(i), "'; DROP TABLE tokens");
    }
    SUBCASE("headers without names") { delivery.headers.emplace_back("", ""); }
    SUBCASE("an event of bytes") {
        delivery.headers[1].second = "\xff\x01'\"";
        verdict = "ignored";
    }
    SUBCASE("an event of 60,000 bytes") {
        delivery.headers[1].second = std::string(60'000, 'e');
        verdict = "ignored";
    }
    const InboxAnswer answer = sender.send(delivery);
    CHECK(answer.verdict == verdict);
    CHECK(sender.deliveries("verdict, length(event_name) < 300, delivery_id IS NULL") == verdict + "|t|t");
}

TEST_CASE("a renamed repository stays the same one") {
    Sender sender;
    PullRequestFacts facts;
    sender.send(a_delivery(facts, "1"));
    facts.repository = "weavers/great-loom";
    facts.number = 2;
    sender.send(a_delivery(facts, "2"));
    CHECK(sender.rows.ask("SELECT count(DISTINCT repository_id) FROM workflow_runs") == "1");
    CHECK(sender.rows.ask("SELECT full_name, clone_url FROM repositories WHERE identity = '42'") ==
          "weavers/great-loom|https://forge.example/weavers/great-loom.git");
    CHECK(sender.rows.ask("SELECT queue_key FROM workflow_runs ORDER BY id") ==
          "src/42/pull/1;src/42/pull/2");
    SUBCASE("and another one may take its old name") {
        facts.repository = "weavers/loom";
        facts.repository_id = 43;
        sender.send(a_delivery(facts, "3"));
        CHECK(
            sender.rows.ask("SELECT identity, full_name FROM repositories WHERE identity <> '/srv/demo.git' "
                            "ORDER BY id") == "42|weavers/great-loom;43|weavers/loom");
    }
}

TEST_CASE("what is ignored still tells a repository's new name, and that it is not public any more") {
    Sender sender;
    const auto about_repository =
        [](const std::string& action, const std::string& name, int id, bool hidden) {
            TestDelivery delivery = a_delivery({}, action);
            delivery.headers[1].second = "repository";
            const std::string url = "https://forge.example/" + name;
            delivery.body = nlohmann::json{{"action", action},
                                           {"repository",
                                            {{"id", id},
                                             {"full_name", name},
                                             {"private", hidden},
                                             {"html_url", url},
                                             {"clone_url", url + ".git"}}}}
                                .dump();
            return delivery;
        };
    const std::string is_known =
        "SELECT full_name, clone_url, public FROM repositories WHERE identity = '42'";
    sender.send(a_delivery({}, "1"));
    CHECK(sender.send(about_repository("renamed", "weavers/great-loom", 42, false)).verdict == "ignored");
    CHECK(sender.rows.ask(is_known) == "weavers/great-loom|https://forge.example/weavers/great-loom.git|t");
    CHECK(sender.send(about_repository("privatized", "weavers/great-loom", 42, true)).verdict == "ignored");
    CHECK(sender.rows.ask(is_known) == "weavers/great-loom|https://forge.example/weavers/great-loom.git|f");
    // Unknown ones stay unknown, and a forged address changes nothing.
    CHECK(sender.send(about_repository("created", "weavers/other", 43, false)).verdict == "ignored");
    TestDelivery forged = about_repository("publicized", "evil/loom", 42, false);
    for (auto at = forged.body.find("forge.example"); at != std::string::npos;
         at = forged.body.find("forge.example"))
        forged.body.replace(at, 13, "evil.example");
    CHECK(sender.send(forged).verdict == "rejected");
    CHECK(sender.rows.ask("SELECT count(*) FROM repositories WHERE identity = '43'") == "0");
    CHECK(sender.rows.ask(is_known) == "weavers/great-loom|https://forge.example/weavers/great-loom.git|f");
}

TEST_CASE("two tokens of one repository start a run each, one after the other") {
    Sender sender;
    const KnownToken other = sender.inbox.add_token(sender.inbox.forge_id());
    CHECK(sender.send(a_delivery({})).verdict == "accepted");
    CHECK(sender.inbox.send(other, a_delivery({})).verdict == "accepted");
    CHECK(sender.rows.ask("SELECT count(*), count(DISTINCT token_id), count(DISTINCT queue_key), "
                          "count(DISTINCT repository_id) FROM workflow_runs") == "2|2|1|1");
}
