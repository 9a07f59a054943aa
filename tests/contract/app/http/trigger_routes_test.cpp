// SPDX-License-Identifier: Apache-2.0
#include "app/http/trigger_routes.hpp"

#include <stdexcept>
#include <string>

#include "tests/contract/app/http/server_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

/// An inbox that knows token 7 by its id alone and answers what it is told.
struct TriggerWorld : ServerWorld {
    TriggerWorld() {
        InboxDoor door;
        door.find_token = [this](
                              const WebhookHeaders& headers,
                              const std::optional<std::string>& id) -> std::variant<TokenClaim, InboxAnswer> {
            if (broken) throw std::runtime_error("no database");
            if (id == "7") return TokenClaim{7, header_value(headers, "X-Signature")};
            InboxAnswer refused;
            refused.status = 403;
            refused.code = "invalid_token";
            refused.summary = "No valid token found";
            return refused;
        };
        door.accept = [this](const TokenClaim& claim, const WebhookHeaders& headers, std::string_view body) {
            seen_claim = claim;
            seen_headers = headers;
            seen_body = body;
            return answer;
        };
        routes.add(trigger_routes(door, refusals, metrics));
        answer.delivery = 12;
        answer.run = 34;
        answer.forge_kind = "git";
        answer.verdict = "accepted";
        start();
    }

    RawAnswer trigger(const std::string& body,
                      const std::string& headers = "",
                      const std::string& target = "/trigger/workflow?id=7") const {
        return ask(post(target, body, headers));
    }
    std::string counted() const { return metrics.text(std::nullopt); }

    InboxAnswer answer;
    bool broken = false;
    TokenClaim seen_claim;
    WebhookHeaders seen_headers;
    std::string seen_body;
    Refusals refusals;
    Metrics metrics;
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a delivery is answered as OBS does, with run and delivery") {
    CapturedLog log;
    TriggerWorld world;
    const std::string body = "{\"a\":\"\xc3\xa4%41\"}";
    const RawAnswer answer = world.trigger(body, "X-Signature: sha256=%61\r\n");
    CHECK(answer.status == 200);
    CHECK(answer.header("Content-Type") == "application/xml; charset=utf-8");
    CHECK(answer.header("X-Opensuse-Errorcode").empty());
    CHECK(answer.body ==
          "<status code=\"ok\"><summary>Ok</summary><data name=\"run\">34</data>"
          "<data name=\"delivery\">12</data></status>\n");
    CHECK(world.seen_claim.token_id == 7);
    CHECK(world.seen_claim.signature == "sha256=%61");
    CHECK(world.seen_body == body);
    CHECK(header_value(world.seen_headers, "host") == "x");
    CHECK(log.text() == "info delivery_answered delivery=12 run=34 forge=git verdict=accepted status=200\n");
    CHECK(contains(world.counted(), "heddle_deliveries_total{forge=\"git\",verdict=\"accepted\"} 1"));
    CHECK(contains(world.counted(), "heddle_delivery_answer_seconds_count 1"));
    CHECK(world.refusals.all().empty());
}

TEST_CASE("JSON for who asks for it") {
    CapturedLog log;
    TriggerWorld world;
    const RawAnswer answer = world.trigger("{}", "Accept: text/html, application/json;q=0.9\r\n");
    CHECK(answer.header("Content-Type") == "application/json; charset=utf-8");
    CHECK(answer.body == "{\"code\":\"ok\",\"delivery\":12,\"run\":34,\"summary\":\"Ok\"}\n");
    world.answer = {400, "bad_request", "not \"JSON\"", "", 13, std::nullopt, "git", "rejected"};
    CHECK(
        world.trigger("{}", "Accept: application/json;q=0, application/xml\r\n").body.starts_with("<status"));
    CHECK(world.trigger("{}", "Accept: application/json\r\n").body ==
          "{\"delivery\":13,\"errorcode\":\"bad_request\",\"summary\":\"not \\\"JSON\\\"\"}\n");
}

TEST_CASE("a stranger's words are escaped on the wire and in the log") {
    CapturedLog log;
    TriggerWorld world;
    world.answer = {200, "ok", "Ok", "label <b>&\"x\"\n\x1b[31m\xff", 12, std::nullopt, "git", "ignored"};
    CHECK(contains(world.trigger("{}").body,
                   "<data name=\"info\">label &lt;b&gt;&amp;&quot;x&quot;  [31m\xef\xbf\xbd</data>"));
    CHECK(log.text() ==
          "info delivery_answered delivery=12 forge=git verdict=ignored status=200 "
          "info=\"label <b>&\\\"x\\\"  [31m\xef\xbf\xbd\"\n");
}

TEST_CASE("an unknown token is refused before the body is read, and leaves a line in memory only") {
    CapturedLog log;
    TriggerWorld world;
    RawClient client = world.client();
    client.send("POST /trigger/workflow?id=8 HTTP/1.1\r\nHost: x\r\nContent-Length: 26000000\r\n\r\n");
    const RawAnswer answer = client.answer();  // nothing of the body was sent
    CHECK(answer.status == 403);
    CHECK(answer.header("X-Opensuse-Errorcode") == "invalid_token");
    CHECK(answer.body == "<status code=\"invalid_token\"><summary>No valid token found</summary></status>\n");
    REQUIRE(world.refusals.all().size() == 1);
    CHECK(world.refusals.all()[0].path == "/trigger/workflow");
    CHECK(world.refusals.all()[0].address == "127.0.0.1");
    CHECK(world.refusals.all()[0].code == "invalid_token");
    CHECK(contains(world.counted(), "heddle_refusals_total{code=\"invalid_token\"} 1"));
    CHECK(log.text().empty());
}

TEST_CASE("a wrong signature leaves no more than an unknown token does") {
    CapturedLog log;
    TriggerWorld world;
    world.answer = {403, "invalid_token", "No valid token found", "", std::nullopt, std::nullopt, "", ""};
    CHECK(world.trigger("{}").status == 403);
    CHECK(world.refusals.all().size() == 1);
    CHECK(contains(world.counted(), "heddle_refusals_total{code=\"invalid_token\"} 1"));
    CHECK_FALSE(contains(world.counted(), "heddle_deliveries_total{"));
    CHECK(log.text().empty());
}

TEST_CASE("what the server refuses has OBS's form") {
    CapturedLog log;
    TriggerWorld world;
    const auto code_of = [&](const RawAnswer& answer) {
        CHECK(contains(answer.body,
                       "<status code=\"" + answer.header("X-Opensuse-Errorcode") + "\"><summary>"));
        return std::to_string(answer.status) + " " + answer.header("X-Opensuse-Errorcode");
    };
    const std::string head = "POST /trigger/workflow?id=7 HTTP/1.1\r\nHost: x\r\n";
    CHECK(code_of(world.ask(head + "Content-Length: 26214401\r\n\r\n")) == "413 payload_too_large");
    CHECK(code_of(world.ask(head + "\r\n")) == "411 length_required");
    CHECK(code_of(world.trigger("x", "Content-Encoding: gzip\r\n")) == "415 unsupported_media_type");
    CHECK(code_of(world.ask(head + "Transfer-Encoding: chunked\r\n\r\nx\r\n")) == "400 bad_request");
    world.broken = true;
    CHECK(code_of(world.trigger("x")) == "500 internal_server_error");
    CHECK(world.ask(get("/trigger/workflow?id=7")).status == 405);
    CHECK(world.refusals.all().size() == 5);
}

TEST_CASE("a body of 25 MiB is taken") {
    CapturedLog log;
    TriggerWorld world;
    const std::string body(std::size_t{25} << 20, 'x');
    CHECK(world.trigger(body).status == 200);
    CHECK(world.seen_body == body);
}

TEST_CASE("the list of refusals is bounded, in number and in size") {
    Refusals refusals(3);
    for (int i = 0; i < 5; ++i) refusals.add({{}, "address", std::string(100'000, 'x'), i, "code"});
    const auto all = refusals.all();
    REQUIRE(all.size() == 3);
    CHECK(all.front().status == 2);
    CHECK(all.back().status == 4);
    CHECK(all.front().path.size() == 200);
}
