// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <latch>
#include <thread>

#include "app/postgres/run_store.hpp"
#include "tests/support/inbox_world.hpp"

using namespace heddle;
using heddle::testing::a_delivery;
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
    std::string runs() { return rows.ask("SELECT status, attempt FROM workflow_runs ORDER BY id"); }
    std::string jobs() { return rows.ask("SELECT count(*) FROM jobs"); }
    /// The first run ended so, and its job is gone.
    void end(const std::string& status) {
        rows.tell("UPDATE workflow_runs SET status = '" + status + "', finished_at = now()");
        rows.tell("DELETE FROM jobs");
    }
    /// The same delivery by several threads at once.
    std::vector<InboxAnswer> send_at_once(const TestDelivery& delivery, int times) {
        std::vector<InboxAnswer> answers(static_cast<std::size_t>(times));
        std::latch start(times);
        std::vector<std::jthread> threads;
        for (InboxAnswer& answer : answers)
            threads.emplace_back([&] {
                start.arrive_and_wait();
                answer = send(delivery);
            });
        threads.clear();
        return answers;
    }
};

PullRequestFacts updated(const std::string& head) {
    PullRequestFacts facts;
    facts.action = "synchronize";
    facts.head = head;
    return facts;
}

}  // namespace

TEST_CASE("a delivery that comes again is a duplicate and names the first") {
    Sender sender;
    const InboxAnswer first = sender.send(a_delivery({}));
    const InboxAnswer second = sender.send(a_delivery({}));
    CHECK(second.status == 200);
    CHECK(second.code == "ok");
    CHECK(second.verdict == "duplicate");
    CHECK(second.info == "duplicate of delivery " + std::to_string(*first.delivery));
    CHECK_FALSE(second.run);
    CHECK(second.delivery);
    CHECK(sender.deliveries("verdict, duplicate_of, run_id, length(body) > 0") ==
          "accepted|NULL|" + std::to_string(*first.run) + "|t;duplicate|" + std::to_string(*first.delivery) +
              "|NULL|t");
    CHECK(sender.runs() == "queued|1");
    CHECK(sender.jobs() == "1");
    // The third names the first, too.
    CHECK(sender.send(a_delivery({})).info == second.info);
}

TEST_CASE("an id is one of its token and its event") {
    Sender sender;
    sender.send(a_delivery({}));
    SUBCASE("another token") {
        const KnownToken other = sender.inbox.add_token(sender.inbox.forge_id());
        CHECK(sender.inbox.send(other, a_delivery({})).verdict == "accepted");
    }
    SUBCASE("another event") {
        CHECK(sender.send(heddle::testing::a_ping("d-1")).verdict == "ignored");
        CHECK(sender.send(heddle::testing::a_ping("d-1")).verdict == "duplicate");
    }
    SUBCASE("no id: no deduplication") {
        CHECK(sender.send(a_delivery({}, "")).verdict == "accepted");
        CHECK(sender.send(a_delivery({}, "")).verdict == "accepted");
    }
}

TEST_CASE("of twins that come at the same moment one wins") {
    Sender sender;
    constexpr int kTwins = 8;
    for (int round = 0; round < 5; ++round) {
        const auto answers = sender.send_at_once(a_delivery({}, "twin-" + std::to_string(round)), kTwins);
        int accepted = 0;
        std::int64_t first = 0;
        for (const InboxAnswer& answer : answers)
            if (answer.verdict == "accepted") {
                ++accepted;
                first = *answer.delivery;
            }
        CHECK(accepted == 1);
        for (const InboxAnswer& answer : answers) {
            CHECK(answer.status == 200);
            if (answer.verdict == "duplicate")
                CHECK(answer.info == "duplicate of delivery " + std::to_string(first));
        }
    }
    CHECK(sender.rows.ask("SELECT count(*) FROM workflow_runs") == "5");
    CHECK(sender.jobs() == "5");
    CHECK(sender.rows.ask("SELECT count(*) FROM deliveries") == "40");
}

TEST_CASE("a twin waits for the first to be stored, and starts nothing when it is") {
    Sender sender;
    const TestDelivery delivery = a_delivery({});
    // The first one, held before its commit.
    auto connection = open_connection(sender.rows.url());
    pqxx::work tx(*connection);
    tx.exec0("INSERT INTO deliveries (token_id, delivery_id, verdict, answer_code) VALUES (" +
             std::to_string(sender.token.id) + ", 'pull_request d-1', 'ignored', 200)");
    InboxAnswer answer;
    std::jthread twin([&] { answer = sender.send(delivery); });
    CHECK(heddle::testing::eventually([&] {
        return sender.rows.ask(
                   "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'") == "1";
    }));
    SUBCASE("committed") {
        tx.commit();
        twin.join();
        CHECK(answer.verdict == "duplicate");
        CHECK(sender.runs().empty());
        CHECK(sender.jobs() == "0");
    }
    SUBCASE("rolled back") {
        tx.abort();
        twin.join();
        CHECK(answer.verdict == "accepted");
        CHECK(sender.runs() == "queued|1");
    }
}

TEST_CASE("the delivery of a failed run that comes again starts its next attempt, once") {
    Sender sender;
    const InboxAnswer first = sender.send(a_delivery({}));
    sender.end("fail");
    const InboxAnswer second = sender.send(a_delivery({}));
    CHECK(second.verdict == "duplicate");
    CHECK(second.run == first.run);
    CHECK(second.info == "duplicate of delivery " + std::to_string(*first.delivery) + "; its run " +
                             std::to_string(*first.run) + " had failed and starts attempt 2");
    CHECK(sender.runs() == "queued|2");
    CHECK(sender.jobs() == "1");
    CHECK(sender.deliveries("run_id") == std::to_string(*first.run) + ";" + std::to_string(*first.run));
    const InboxAnswer third = sender.send(a_delivery({}));
    CHECK_FALSE(third.run);
    CHECK(sender.runs() == "queued|2");
    sender.end("fail");
    CHECK(sender.send(a_delivery({})).run == first.run);
    CHECK(sender.runs() == "queued|3");
}

TEST_CASE("a delivery that comes again at the same moment starts one next attempt") {
    Sender sender;
    sender.send(a_delivery({}));
    sender.end("fail");
    int started = 0;
    for (const InboxAnswer& answer : sender.send_at_once(a_delivery({}), 8)) {
        CHECK(answer.verdict == "duplicate");
        started += answer.run ? 1 : 0;
    }
    CHECK(started == 1);
    CHECK(sender.runs() == "queued|2");
    CHECK(sender.jobs() == "1");
}

TEST_CASE("a run that did not fail is left alone") {
    Sender sender;
    sender.send(a_delivery({}));
    std::string status;
    SUBCASE("success") { status = "success"; }
    SUBCASE("cancelled") { status = "cancelled"; }
    sender.end(status);
    CHECK_FALSE(sender.send(a_delivery({})).run);
    CHECK(sender.runs() == status + "|1");
}

TEST_CASE("a failed run that a later delivery made an old one is left alone") {
    Sender sender;
    sender.send(a_delivery({}, "1"));
    sender.end("fail");
    bool old = true;
    SUBCASE("by another head") { sender.send(a_delivery(updated(std::string(40, '2')), "2")); }
    SUBCASE("by its end") {
        PullRequestFacts facts;
        facts.action = "closed";
        sender.send(a_delivery(facts, "2"));
    }
    SUBCASE("not by the same head") {
        PullRequestFacts facts;
        facts.action = "labeled";
        sender.send(a_delivery(facts, "2"));
        old = false;
    }
    SUBCASE("not by another pull request") {
        PullRequestFacts facts = updated(std::string(40, '2'));
        facts.number = 2;
        sender.send(a_delivery(facts, "2"));
        old = false;
    }
    CHECK(sender.send(a_delivery({}, "1")).run.has_value() == !old);
    CHECK(sender.runs() == (old ? "fail|1;queued|1" : "queued|2;queued|1"));
}

TEST_CASE("a replayed delivery is a new one") {
    Sender sender;
    const InboxAnswer first = sender.send(a_delivery({}));
    const auto again = sender.inbox.inbox().replay(*first.delivery, false);
    REQUIRE(again);
    CHECK(again->verdict == "accepted");
    CHECK(again->run);
    CHECK(again->run != first.run);
    CHECK(again->delivery != first.delivery);
    CHECK(sender.deliveries("verdict, delivery_id") == "accepted|pull_request d-1;accepted|NULL");
    CHECK(sender.rows.ask("SELECT count(DISTINCT event) FROM deliveries") == "1");
    CHECK(sender.rows.ask("SELECT count(DISTINCT headers) FROM deliveries") == "1");
    CHECK(sender.rows.ask("SELECT count(DISTINCT body) FROM deliveries") == "1");
    CHECK_FALSE(sender.inbox.inbox().replay(999'999, false));
    // It does not stand in the way of what its forge sends again.
    CHECK(sender.send(a_delivery({})).info == "duplicate of delivery " + std::to_string(*first.delivery));
}

TEST_CASE("a rejected delivery can be replayed when its cause is mended") {
    Sender sender;
    const KnownToken unbound = sender.inbox.add_token(std::nullopt);
    PullRequestFacts facts;
    facts.web = "https://new.example";
    const InboxAnswer first = sender.inbox.send(unbound, a_delivery(facts));
    CHECK(first.verdict == "rejected");
    sender.inbox.add_forge("new", "github", "https://new.example");
    CHECK(sender.inbox.inbox().replay(*first.delivery, false)->verdict == "accepted");
}

TEST_CASE("an old delivery is replayed only by force") {
    Sender sender;
    const InboxAnswer old = sender.send(a_delivery({}, "1"));
    const InboxAnswer newer = sender.send(a_delivery(updated(std::string(40, '2')), "2"));
    const auto refused = sender.inbox.inbox().replay(*old.delivery, false);
    CHECK(refused->code == "older_delivery");
    CHECK(refused->summary.starts_with("delivery " + std::to_string(*newer.delivery) + ", which came later"));
    CHECK_FALSE(refused->delivery);
    CHECK(sender.rows.ask("SELECT count(*) FROM deliveries") == "2");
    CHECK(sender.inbox.inbox().replay(*newer.delivery, false)->verdict == "accepted");
    CHECK(sender.inbox.inbox().replay(*old.delivery, true)->verdict == "accepted");
}

TEST_CASE("a delivery of a token that may not trigger any more is not replayed") {
    Sender sender;
    const InboxAnswer first = sender.send(a_delivery({}));
    sender.rows.tell("UPDATE tokens SET enabled = false");
    CHECK(sender.inbox.inbox().replay(*first.delivery, true)->code == "not_enabled_token");
    CHECK(sender.rows.ask("SELECT count(*) FROM deliveries") == "1");
}
