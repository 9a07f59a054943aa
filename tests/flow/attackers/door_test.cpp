// SPDX-License-Identifier: Apache-2.0
// Who wants to start something without the secret, played against a whole server.
#include <doctest/doctest.h>

#include "tests/flow/attackers/attack_world.hpp"

using namespace heddle::test;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// How many rows every table has, and when which token was used last.
std::string everything_stored(AttackWorld& world) {
    return world.ask(R"sql(
        SELECT string_agg(name || ' ' || (xpath('/row/c/text()', query_to_xml(
                   'SELECT count(*) AS c FROM ' || quote_ident(name), false, true, '')))[1]::text, ', '
                   ORDER BY name)
               || (SELECT string_agg(coalesce(triggered_at::text, '-'), ',' ORDER BY id) FROM tokens)
        FROM (SELECT table_name::text AS name FROM information_schema.tables
              WHERE table_schema = 'public') tables)sql");
}

Delivery with_header(Delivery delivery, const std::string& name, const std::string& value) {
    std::erase_if(delivery.headers, [&](const auto& header) { return header.first == name; });
    delivery.headers.emplace_back(name, value);
    return delivery;
}

Happening a_change(AttackWorld& world) {
    Happening it;
    it.commit = world.repository.id_of("main");
    return it;
}

int refusals(const AttackWorld& world, const std::string& code) {
    const std::string mark = "heddle_refusals_total{code=\"" + code + "\"} ";
    const std::string metrics = world.get("/metrics").body;
    const auto at = metrics.find(mark);
    return at == std::string::npos ? 0 : std::stoi(metrics.substr(at + mark.size()));
}

}  // namespace

TEST_CASE("no signature but this token's of these bytes opens the door") {
    AttackWorld world;
    const std::string before = everything_stored(world);
    int sent = 0;
    for (const ForgeKind kind : {ForgeKind::Github, ForgeKind::Gitea})
        for (const std::string header : {"X-Hub-Signature-256", "X-OBS-Signature"}) {
            const MadeToken& token = world.token(kind);
            const MadeToken& other =
                world.token(kind == ForgeKind::Github ? ForgeKind::Gitea : ForgeKind::Github);
            Delivery delivery =
                a_delivery(kind, a_change(world), world.forge(kind).web_url(), token.secret, "x");
            std::erase_if(delivery.headers,
                          [](const auto& one) { return one.first == "X-Hub-Signature-256"; });
            const std::string right = signature_of(token.secret, delivery.body);
            for (const std::string& wrong : {"sha256=" + std::string(64, '0'),
                                             std::string(),
                                             std::string("sha256="),
                                             right.substr(0, 20),
                                             right.substr(0, right.size() - 1),
                                             right + "0",
                                             right.substr(7),
                                             "sha1=" + right.substr(7),
                                             signature_of(other.secret, delivery.body),
                                             signature_of("", delivery.body),
                                             signature_of(token.secret, ""),
                                             signature_of(token.secret, delivery.body + " "),
                                             token.secret}) {
                const HttpReply reply = world.attack(token, with_header(delivery, header, wrong));
                CHECK_MESSAGE(reply.status == 403, header << ": " << wrong);
                CHECK_MESSAGE(
                    reply.body ==
                        "<status code=\"invalid_token\"><summary>No valid token found</summary></status>\n",
                    reply.body);
                CHECK(holds(reply.head, "X-Opensuse-Errorcode: invalid_token"));
                ++sent;
            }
            // The right one of another token's id, of no token and of none at all.
            for (const std::string& id : {other.id, std::string("999999"), token.id + "%20", std::string()}) {
                CHECK(world.post("/trigger/workflow?id=" + id, with_header(delivery, header, right)).status ==
                      403);
                ++sent;
            }
            CHECK(world.post("/trigger/workflow", with_header(delivery, header, right)).status == 403);
            ++sent;
        }
    CHECK(everything_stored(world) == before);
    CHECK(refusals(world, "invalid_token") == sent);
    for (const auto& [kind, forge] : world.forges) CHECK(forge->server().connections() == 0);
}

TEST_CASE("no secret but a token's own opens the door") {
    AttackWorld world;
    const std::string before = everything_stored(world);
    const MadeToken& token = world.token(ForgeKind::Gitlab);
    const std::string& secret = token.secret;
    const Delivery delivery =
        a_delivery(ForgeKind::Gitlab, a_change(world), world.forge(ForgeKind::Gitlab).web_url(), secret, "x");
    const auto code = [&](const std::string& header, const std::string& value) {
        Delivery attempt = delivery;
        std::erase_if(attempt.headers, [](const auto& one) { return one.first == "X-Gitlab-Token"; });
        const HttpReply reply = world.attack(token, with_header(attempt, header, value));
        const auto at = reply.body.find("code=\"") + 6;
        return std::to_string(reply.status) + " " + reply.body.substr(at, reply.body.find('"', at) - at);
    };
    // Well-formed, but nobody's (reference 1.2).
    for (const std::string& wrong :
         {std::string("wrong"), secret.substr(0, secret.size() - 1), secret + "0", secret.substr(1)}) {
        CHECK_MESSAGE(code("X-Gitlab-Token", wrong) == "404 not_found", wrong);
        CHECK_MESSAGE(code("Authorization", "Token " + wrong) == "404 not_found", wrong);
    }
    for (const std::string& wrong : {std::string(), std::string("\xc3\xa4"), std::string(2000, 'x')})
        CHECK_MESSAGE(code("X-Gitlab-Token", wrong) == "403 invalid_token", wrong);
    for (const std::string& wrong : {"Basic " + secret, "Bearer " + secret, secret, std::string("Token")})
        CHECK_MESSAGE(code("Authorization", wrong) == "403 invalid_token", wrong);
    CHECK(everything_stored(world) == before);

    // Another token's secret makes one that token's sender, and this is not from its forge.
    CHECK(code("X-Gitlab-Token", world.token(ForgeKind::Github).secret) == "403 invalid_token");
    CHECK(world.ask("SELECT string_agg(verdict || ' ' || token_id, ',') FROM deliveries") ==
          "rejected " + world.token(ForgeKind::Github).id);
    CHECK(world.ask("SELECT count(*) FROM workflow_runs") == "0");
    for (const auto& [kind, forge] : world.forges) CHECK(forge->server().connections() == 0);

    // All of them would have been let in with the right one.
    CHECK(code("X-Gitlab-Token", secret) == "200 ok");
    CHECK(world.ask("SELECT count(*) FROM workflow_runs") == "1");
}
