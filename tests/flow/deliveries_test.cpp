// SPDX-License-Identifier: Apache-2.0
// `heddle deliveries` and `heddle replay` as people type them.
#include <doctest/doctest.h>

#include "app/postgres/delivery_store.hpp"
#include "tests/flow/accounts/account_program.hpp"

using namespace heddle;
using heddle::test::AccountProgram;

namespace {

const std::string kBody =
    R"({"event":"push","commit_sha":"a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","target":{"branch":"main"},"repository":{"full_name":"tools/loom"}})";

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Deliveries that came in once: 1 was rejected, 2 ignored.
struct DeliveryProgram : AccountProgram {
    std::string token;

    DeliveryProgram() {
        configure("forges:\n  - { name: plain, kind: git, api_url: /srv/git }\n");
        done({"user", "create", "ann"});
        token = std::to_string(
            json({"token", "create", "--kind", "workflow", "--executor", "ann", "--forge", "plain"})
                .at("id")
                .get<int>());
        NewDelivery row;
        row.token_id = std::stoll(token);
        row.forge_kind = "git";
        row.event_name = "push";
        row.verdict = "rejected";
        row.reason = "no \x1b[31mluck";
        row.headers =
            R"([["Content-Type","application/json"],["X-Heddle-Event","push"],["Cookie","[redacted]"]])";
        row.body = pack_body(kBody);
        row.answer_code = 400;
        row.answer = row.reason;
        store(row);
        row.verdict = "ignored";
        row.reason = "ping";
        row.answer_code = 200;
        row.body = pack_body(R"({"event":"ping"})");
        store(row);
    }
    void store(const NewDelivery& row) const {
        const auto connection = open_connection(environment.at("HEDDLE_DATABASE_URL"));
        pqxx::work tx(*connection);
        REQUIRE(store_delivery(tx, row));
        tx.commit();
    }
};

}  // namespace

TEST_CASE("deliveries are listed with their verdicts, newest first") {
    const DeliveryProgram program;
    const std::string all = program.done({"deliveries", "list"});
    CHECK(all.find("ignored") < all.find("rejected"));
    CHECK_FALSE(holds(all, "\x1b"));
    const auto rejected = program.json({"deliveries", "list", "--verdict", "rejected"});
    REQUIRE(rejected.size() == 1);
    CHECK(rejected[0].at("id") == 1);
    CHECK(rejected[0].at("run").is_null());
    CHECK(rejected[0].at("answer").at("code") == 400);
    CHECK(program.json({"deliveries", "list", "--limit", "1"})[0].at("id") == 2);
    CHECK(program.json({"deliveries", "list", "--token", program.token}).size() == 2);
    CHECK(program.done({"deliveries", "list", "--repository", "no/such"}) == "no deliveries\n");
    CHECK(program.json({"deliveries", "list", "--run", "1"}).empty());
}

TEST_CASE("a delivery is shown with its headers, and its body as it came") {
    const DeliveryProgram program;
    const std::string shown = program.done({"deliveries", "show", "1"});

    CHECK(holds(shown, "verdict: rejected: no"));
    CHECK(holds(shown, "Cookie: [redacted]"));
    CHECK_FALSE(holds(shown, "\x1b"));
    CHECK(program.done({"deliveries", "show", "1", "--body"}) == kBody);
    CHECK(program.json({"deliveries", "show", "1"}).at("headers").size() == 3);
    program.refused({"deliveries", "show", "99"}, "there is no delivery 99");
}

TEST_CASE("a replayed delivery is judged as a first one, and starts its run") {
    const DeliveryProgram program;
    const auto replayed = program.json({"replay", "1"});
    CHECK(replayed.at("verdict") == "accepted");
    CHECK(holds(program.done({"deliveries", "show", "3"}),
                "event: push to main, commit a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1\n"));
    CHECK(replayed.at("delivery") == 3);
    CHECK(replayed.at("run") == 1);
    CHECK(program.ask("SELECT verdict, run_id FROM deliveries ORDER BY id") ==
          "rejected|\nignored|\naccepted|1\n");
    CHECK(program.ask("SELECT kind, key FROM jobs") == "run_workflows|plain/tools/loom/branch/main\n");
    CHECK(program.done({"replay", "2"}) == "delivery 2 is replayed as delivery 4: ignored: ping\n");
    program.refused({"replay", "99"}, "there is no delivery 99");
}

TEST_CASE("replaying says what stands in its way") {
    const DeliveryProgram program;
    NewDelivery row;
    row.token_id = std::stoll(program.token);
    row.verdict = "ignored";
    row.headers = R"([["X-Heddle-Event","push"]])";
    row.body = pack_body("no json");
    program.store(row);
    const auto ended = program.run({"replay", "3"});
    CHECK(ended.exit_code == 1);
    CHECK(holds(ended.out, "delivery 3 is replayed as delivery 4: rejected: "));
    program.done({"token", "disable", program.token});
    program.refused({"replay", "1"}, "delivery 1 is not replayed: this token is not enabled");
    CHECK(program.ask("SELECT count(*) FROM deliveries") == "4\n");
}
