// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "app/inbox/forge_match.hpp"
#include "tests/support/inbox_world.hpp"

using namespace heddle;
using heddle::testing::a_delivery;
using heddle::testing::a_ping;
using heddle::testing::InboxWorld;
using heddle::testing::KnownToken;
using heddle::testing::PullRequestFacts;
using heddle::testing::RunWorld;

namespace {

struct Forges {
    RunWorld rows;
    InboxWorld inbox{rows};

    std::string forge_of(const KnownToken& token) {
        return rows.ask(
            "SELECT coalesce(name, 'none') FROM tokens LEFT JOIN forges ON forges.id = forge_id WHERE "
            "tokens.id = " +
            std::to_string(token.id));
    }
    std::string audit() { return rows.ask("SELECT login, action, object, details FROM audit_log"); }
};

PullRequestFacts from(const std::string& web) {
    PullRequestFacts facts;
    facts.web = web;
    return facts;
}

std::string told(const InboxAnswer& answer) {
    return std::to_string(answer.status) + " " + answer.code + " " + answer.verdict;
}

}  // namespace

TEST_CASE("addresses lie below a forge's by origin and path") {
    CHECK(lies_below("https://forge.example/a/b", "https://forge.example"));
    CHECK(lies_below("https://forge.example:443/a/b", "https://forge.example/"));
    CHECK(lies_below("HTTPS://Forge.Example/a/b", "https://forge.example"));
    CHECK(lies_below("https://forge.example/git/a/b", "https://forge.example/git"));
    CHECK(lies_below("http://[::1]:3000/a", "http://[::1]:3000"));
    CHECK(lies_below("http://127.0.0.1:3000/a", "http://127.0.0.1:3000"));
    CHECK(lies_below("ssh://forge.example/a", "ssh://forge.example:22"));
    CHECK(lies_below("/srv/git/a.git", "/srv/git"));
    for (const char* url : {"http://forge.example/a",
                            "https://forge.example:444/a",
                            "https://forge.example.evil.example/a",
                            "https://evil.example/https://forge.example/git/a",
                            "https://forge.example@evil.example/git/a",
                            "https://user@forge.example/git/a",
                            "https://forge.example/gitter/a",
                            "https://forge.example/",
                            "https://forge.example/git/../a",
                            "https://forge.example/git/%2e%2E/a",
                            "https://forge.example/git%2f..%2Fa",
                            "https://forge.example\\@evil.example/git/a",
                            "https://forge.example/git/\n",
                            "//forge.example/git/a",
                            "forge.example/git/a",
                            "/git/a",
                            ""})
        CHECK_MESSAGE(!lies_below(url, "https://forge.example/git"), url);
    CHECK(lies_below("ssh://git@forge.example/srv/a", "ssh://git@forge.example/srv"));
    CHECK_FALSE(lies_below("ssh://root@forge.example/srv/a", "ssh://git@forge.example/srv"));
    CHECK_FALSE(lies_below("ssh://git@forge.example/srv/../a", "ssh://git@forge.example/srv"));
    CHECK_FALSE(lies_below("ssh://git@evil.example/srv/a", "ssh://git@forge.example/srv"));
    CHECK_FALSE(lies_below("https://forge.example/srv/a", "ssh://git@forge.example/srv"));
    CHECK_FALSE(lies_below("/srv/gitter/a", "/srv/git"));
    CHECK_FALSE(lies_below("/srv/git/../a", "/srv/git"));
    CHECK_FALSE(lies_below("https://forge.example/a", ""));
    CHECK_FALSE(lies_below("", ""));
}

TEST_CASE("a token without a forge is bound by its first delivery, and that is noted") {
    Forges world;
    const KnownToken token = world.inbox.add_token(std::nullopt);
    SUBCASE("a pull request") { CHECK(world.inbox.send(token, a_delivery({})).verdict == "accepted"); }
    SUBCASE("a ping") { CHECK(world.inbox.send(token, a_ping()).verdict == "ignored"); }
    CHECK(world.forge_of(token) == "src");
    CHECK(world.audit() ==
          "heddle|token.bind|token " + std::to_string(token.id) + "|to forge src, by its first delivery");
}

TEST_CASE("a token that was bound stays bound") {
    Forges world;
    const KnownToken token = world.inbox.add_token(std::nullopt);
    CHECK(world.inbox.send(token, a_delivery({}, "1")).verdict == "accepted");
    world.inbox.add_forge("other", "github", "https://other.example");
    CHECK(told(world.inbox.send(token, a_delivery(from("https://other.example"), "2"))) ==
          "403 invalid_token rejected");
    CHECK(world.inbox.send(token, a_delivery({}, "3")).verdict == "accepted");
    CHECK(world.forge_of(token) == "src");
    CHECK(world.rows.ask("SELECT count(*) FROM audit_log") == "1");
}

TEST_CASE("two first deliveries at once bind a token once") {
    Forges world;
    const KnownToken token = world.inbox.add_token(std::nullopt);
    auto connection = open_connection(world.rows.url());
    pqxx::work other(*connection);
    other.exec0("UPDATE tokens SET forge_id = " + std::to_string(world.inbox.forge_id()) +
                " WHERE id = " + std::to_string(token.id));
    InboxAnswer answer;
    std::jthread delivery([&] { answer = world.inbox.send(token, a_delivery({})); });
    CHECK(heddle::testing::eventually([&] {
        return world.rows.ask(
                   "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'") == "1";
    }));
    other.commit();
    delivery.join();
    CHECK(answer.verdict == "accepted");
    CHECK(world.audit().empty());
}

TEST_CASE("a token is bound only where exactly one public forge of that kind fits") {
    Forges world;
    const KnownToken token = world.inbox.add_token(std::nullopt);
    PullRequestFacts facts;
    SUBCASE("none fits") { facts.web = "https://unknown.example"; }
    SUBCASE("two fit") { world.inbox.add_forge("twin", "github", "https://forge.example"); }
    SUBCASE("the one that fits is of another kind") {
        world.inbox.add_forge("other", "gitea", "https://other.example");
        facts.web = "https://other.example";
    }
    SUBCASE("the one that fits is in a private network") {
        world.inbox.add_forge("inner", "github", "http://127.0.0.1:3000", "", true);
        facts.web = "http://127.0.0.1:3000";
    }
    const InboxAnswer answer = world.inbox.send(token, a_delivery(facts));
    CHECK(told(answer) == "403 invalid_token rejected");
    CHECK(answer.delivery);
    CHECK(world.rows.ask("SELECT verdict, answer_code, event->>'forge' FROM deliveries") ==
          "rejected|403|NULL");
    CHECK(world.forge_of(token) == "none");
    CHECK(world.audit().empty());
    CHECK(world.rows.ask("SELECT count(*) FROM workflow_runs") == "0");
}

TEST_CASE("a bound token hears only its own forge") {
    Forges world;
    const KnownToken token = world.inbox.add_token(world.inbox.forge_id());
    InboxAnswer answer;
    std::string reason;
    SUBCASE("another kind") {
        auto delivery = a_delivery({});
        delivery.headers[1].first = "X-Gitea-Event";
        answer = world.inbox.send(token, delivery);
        reason = "the token is one of the forge src (github), and this comes from a forge of kind gitea";
    }
    SUBCASE("another place") {
        answer = world.inbox.send(token, a_delivery(from("https://evil.example")));
        reason =
            "the token is one of the forge src, and \"https://evil.example/weavers/loom\" does not belong to "
            "it";
    }
    CHECK(told(answer) == "403 invalid_token rejected");
    CHECK(answer.summary == reason);
    CHECK(world.rows.ask("SELECT verdict, reason FROM deliveries") == "rejected|" + reason);
    CHECK(world.rows.ask("SELECT count(*) FROM workflow_runs") == "0");
    CHECK(world.rows.ask("SELECT count(*) FROM repositories WHERE full_name = 'weavers/loom'") == "0");
}

TEST_CASE("a forge in a private network hears the tokens that somebody bound to it") {
    Forges world;
    const auto inner = world.inbox.add_forge("inner", "github", "http://127.0.0.1:3000", "", true);
    const KnownToken token = world.inbox.add_token(inner);
    CHECK(world.inbox.send(token, a_delivery(from("http://127.0.0.1:3000"))).verdict == "accepted");
    CHECK(world.rows.ask("SELECT queue_key FROM workflow_runs") == "inner/42/pull/1");
}

TEST_CASE("a ping that names no repository is welcome from the token's kind of forge") {
    Forges world;
    auto ping = a_ping();
    ping.body = R"({"zen":"Keep it simple","organization":{"login":"weavers"}})";
    CHECK(told(world.inbox.send(world.inbox.add_token(world.inbox.forge_id()), ping)) == "200 ok ignored");
    const KnownToken unbound = world.inbox.add_token(std::nullopt);
    CHECK(told(world.inbox.send(unbound, ping)) == "200 ok ignored");
    CHECK(world.forge_of(unbound) == "none");
}

TEST_CASE("a plain repository belongs to the forge below whose address it lies") {
    Forges world;
    const auto plain = world.inbox.add_forge("plain", "git", "", "https://git.example/srv");
    const KnownToken token = world.inbox.add_token(plain);
    const auto push = [](const std::string& name, const std::string& clone_url) {
        nlohmann::json body{
            {"event", "push"}, {"commit_sha", std::string(40, 'a')}, {"target", {{"branch", "main"}}}};
        body["repository"]["full_name"] = name;
        if (!clone_url.empty()) body["repository"]["clone_url"] = clone_url;
        return heddle::testing::TestDelivery{
            {{"Content-Type", "application/json"}, {"X-Heddle-Event", "push"}}, body.dump()};
    };
    const auto send = [&](const KnownToken& to, const std::string& name, const std::string& clone_url) {
        return told(world.inbox.send(to, push(name, clone_url)));
    };
    CHECK(send(token, "tools/loom", "https://git.example/srv/tools/loom.git") == "200 ok accepted");
    CHECK(send(token, "tools/loom", "https://git.example/other/loom.git") == "403 invalid_token rejected");
    // Its name says it all.
    CHECK(send(token, "tools/loom", "") == "200 ok accepted");
    CHECK(send(token, "tools/shuttle", "") == "200 ok accepted");
    CHECK(world.rows.ask(
              "SELECT identity, full_name FROM repositories WHERE forge_id = " + std::to_string(plain) +
              " ORDER BY id") == "tools/loom|tools/loom;tools/shuttle|tools/shuttle");
    CHECK(world.rows.ask("SELECT DISTINCT queue_key FROM workflow_runs ORDER BY 1") ==
          "plain/tools/loom/branch/main;plain/tools/shuttle/branch/main");
    // But not of which forge.
    const KnownToken unbound = world.inbox.add_token(std::nullopt);
    CHECK(send(unbound, "tools/loom", "") == "400 unknown rejected");
    CHECK(send(unbound, "tools/loom", "https://git.example/srv/tools/loom.git") == "200 ok accepted");
    CHECK(world.forge_of(unbound) == "plain");
}

TEST_CASE("a forge with a web service says where its repositories are") {
    Forges world;
    auto delivery = a_delivery({});
    auto body = nlohmann::json::parse(delivery.body);
    body["pull_request"]["base"]["repo"].erase("html_url");
    body["pull_request"]["base"]["repo"].erase("clone_url");
    delivery.body = body.dump();
    CHECK(told(world.inbox.send(world.inbox.add_token(world.inbox.forge_id()), delivery)) ==
          "400 unknown rejected");
}
