// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "app/crypto/hmac.hpp"
#include "tests/support/inbox_world.hpp"

using namespace heddle;
using heddle::testing::a_delivery;
using heddle::testing::InboxWorld;
using heddle::testing::KnownToken;
using heddle::testing::RunWorld;
using heddle::testing::TestDelivery;

namespace {

const std::string kBody = a_delivery({}).body;
const std::string kNoSignature = "sha256=" + std::string(64, '0');
const std::string kNothing = "0|0|0|0";
const std::string kOne = "1|1|1|1";

/// The inbox, and what strangers can do about one token of it.
struct Door {
    RunWorld rows;
    InboxWorld inbox{rows};
    KnownToken token = inbox.add_token(inbox.forge_id());
    std::string id = std::to_string(token.id);
    std::string signature = sign_body(token.secret, kBody);

    /// The answer to the delivery with one more header.
    InboxAnswer send(const std::string& header,
                     const std::string& value,
                     const std::optional<std::string>& to) {
        TestDelivery delivery = a_delivery({});
        delivery.headers.emplace_back(header, value);
        return inbox.send(delivery, to);
    }
    std::string told(const std::string& header,
                     const std::string& value,
                     const std::optional<std::string>& to) {
        const InboxAnswer answer = send(header, value, to);
        CHECK_MESSAGE(answer.delivery.has_value() == (answer.status == 200), value);
        return std::to_string(answer.status) + " " + answer.code;
    }
    std::string stored() {
        return rows.ask(
            "SELECT (SELECT count(*) FROM deliveries), (SELECT count(*) FROM workflow_runs), (SELECT "
            "count(*) FROM "
            "jobs), (SELECT count(*) FROM tokens WHERE triggered_at IS NOT NULL)");
    }
};

std::string told(const InboxAnswer& answer) { return std::to_string(answer.status) + " " + answer.code; }

}  // namespace

TEST_CASE("a signature over the raw bytes opens the door, in any spelling of its header") {
    Door door;
    std::string header;
    SUBCASE("of a forge") { header = "X-Hub-Signature-256"; }
    SUBCASE("of a forge, in small letters") { header = "x-hub-signature-256"; }
    SUBCASE("our own") { header = "X-OBS-Signature"; }
    SUBCASE("our own, in capitals") { header = "X-OBS-SIGNATURE"; }
    CHECK(door.told(header, door.signature, door.id) == "200 ok");
    CHECK(door.stored() == kOne);
}

TEST_CASE("the secret itself opens the door") {
    Door door;
    std::string header = "X-Gitlab-Token", value = door.token.secret;
    std::optional<std::string> id;
    SUBCASE("in its own header") {}
    SUBCASE("in its own header, whatever the id") { id = "999"; }
    SUBCASE("as authorization") {
        header = "Authorization";
        value = "Token " + door.token.secret;
    }
    SUBCASE("as authorization in small letters") {
        header = "authorization";
        value = "token " + door.token.secret;
    }
    CHECK(door.told(header, value, id) == "200 ok");
    CHECK(door.stored() == kOne);
}

TEST_CASE("what is not exactly this token's signature of this body is nothing") {
    Door door;
    const KnownToken other = door.inbox.add_token(door.inbox.forge_id());
    const std::string& right = door.signature;
    std::string flipped = right;
    flipped.back() = flipped.back() == '0' ? '1' : '0';
    for (const std::string& wrong : {flipped,
                                     std::string(),
                                     std::string("sha256="),
                                     right.substr(0, 20),
                                     right.substr(0, right.size() - 1),
                                     right + "0",
                                     right.substr(7),
                                     "sha1=" + right.substr(7),
                                     sign_body(other.secret, kBody),
                                     sign_body("", kBody),
                                     sign_body(door.token.secret, kBody + " "),
                                     sign_body(door.token.secret, ""),
                                     door.token.secret}) {
        const InboxAnswer answer = door.send("X-Hub-Signature-256", wrong, door.id);
        CHECK_MESSAGE(told(answer) == "403 invalid_token", wrong);
        CHECK_MESSAGE(answer.summary == "No valid token found", wrong);
        CHECK_FALSE(answer.delivery);
        CHECK(answer.verdict.empty());
    }
    CHECK(door.stored() == kNothing);
}

TEST_CASE("the right signature with another id is nothing") {
    Door door;
    const KnownToken other = door.inbox.add_token(door.inbox.forge_id());
    for (const std::string& id : {std::to_string(other.id),
                                  std::string("999999"),
                                  std::string("0"),
                                  "-" + door.id,
                                  "+" + door.id,
                                  door.id + " ",
                                  door.id + "' OR 1=1 --",
                                  std::string(),
                                  std::string("99999999999999999999999")})
        CHECK_MESSAGE(door.told("X-Hub-Signature-256", door.signature, id) == "403 invalid_token", id);
    CHECK(door.told("X-Hub-Signature-256", door.signature, std::nullopt) == "403 invalid_token");
    CHECK(door.stored() == kNothing);
}

TEST_CASE("a wrong signature is not made good by what follows") {
    Door door;
    TestDelivery delivery = a_delivery({});
    std::string first = "X-Hub-Signature-256";
    SUBCASE("a secret") { delivery.headers.emplace_back("X-Gitlab-Token", door.token.secret); }
    SUBCASE("the right signature under the same name") {
        delivery.headers.emplace_back("x-hub-signature-256", door.signature);
    }
    SUBCASE("the right signature under a name that comes later") {
        first = "X-OBS-Signature";
        delivery.headers.emplace_back("X-Hub-Signature-256", door.signature);
    }
    delivery.headers.insert(delivery.headers.begin(), {first, kNoSignature});
    CHECK(told(door.inbox.send(delivery, door.id)) == "403 invalid_token");
    CHECK(door.stored() == kNothing);
}

TEST_CASE("a secret is looked up whole, or refused as none") {
    Door door;
    const std::string& secret = door.token.secret;
    for (const std::string& unknown :
         {secret.substr(0, secret.size() - 1), secret + "0", " " + secret, std::string("%"), secret + "' --"})
        CHECK_MESSAGE(door.told("X-Gitlab-Token", unknown, std::nullopt) == "404 not_found", unknown);
    for (const std::string& malformed : {std::string(),
                                         secret + "\n",
                                         std::string("\xc3\xa4"),
                                         std::string("a\0b", 3),
                                         std::string(2000, 'x')})
        CHECK_MESSAGE(door.told("X-Gitlab-Token", malformed, std::nullopt) == "403 invalid_token", malformed);
    for (const std::string& malformed :
         {"Basic " + secret, secret, std::string("Token"), std::string("Token "), "Bearer " + secret})
        CHECK_MESSAGE(door.told("Authorization", malformed, std::nullopt) == "403 invalid_token", malformed);
    CHECK(told(door.inbox.send(a_delivery({}), std::nullopt)) == "403 invalid_token");
    CHECK(door.stored() == kNothing);
}

TEST_CASE("an empty secret header hides the next one") {
    Door door;
    TestDelivery delivery = a_delivery({});
    delivery.headers.emplace_back("X-Gitlab-Token", "");
    delivery.headers.emplace_back("Authorization", "Token " + door.token.secret);
    CHECK(told(door.inbox.send(delivery, std::nullopt)) == "403 invalid_token");
}

TEST_CASE("a token that may not trigger says so to who knows its secret, and to nobody else") {
    Door door;
    std::string code, summary;
    SUBCASE("of another kind") {
        door.rows.tell("UPDATE tokens SET kind = 'rebuild'");
        code = "403 invalid_token";
        summary = "a token of kind rebuild can't trigger workflows";
    }
    SUBCASE("disabled") {
        door.rows.tell("UPDATE tokens SET enabled = false");
        code = "403 not_enabled_token";
        summary = "this token is not enabled";
    }
    SUBCASE("of an inactive user") {
        door.rows.tell("UPDATE users SET active = false");
        code = "403 trigger_token/workflow_not_authorized";
        summary = "the token's user is not active";
    }
    const InboxAnswer by_signature = door.inbox.send(door.token, a_delivery({}));
    CHECK(told(by_signature) == code);
    CHECK(by_signature.summary == summary);
    // Before the body is read.
    const auto by_secret =
        door.inbox.inbox().find_token({{"X-Gitlab-Token", door.token.secret}}, std::nullopt);
    REQUIRE(std::holds_alternative<InboxAnswer>(by_secret));
    CHECK(told(std::get<InboxAnswer>(by_secret)) == code);
    CHECK(door.send("X-Hub-Signature-256", kNoSignature, door.id).summary == "No valid token found");
    CHECK(door.stored() == kNothing);
}

TEST_CASE("a stranger is refused before the body is read") {
    Door door;
    const auto is_refused = [&](const WebhookHeaders& headers, const std::optional<std::string>& id) {
        return std::holds_alternative<InboxAnswer>(door.inbox.inbox().find_token(headers, id));
    };
    CHECK(is_refused({}, std::nullopt));
    CHECK(is_refused({}, door.id));
    CHECK(is_refused({{"X-Hub-Signature-256", kNoSignature}}, "12345"));
    CHECK(is_refused({{"X-Hub-Signature-256", "sha256=0"}}, door.id));
    CHECK_FALSE(is_refused({{"X-Hub-Signature-256", kNoSignature}}, door.id));
}

TEST_CASE("a token that was deleted after the headers were read is nobody's") {
    Door door;
    TestDelivery delivery = a_delivery({});
    delivery.headers.emplace_back("X-Gitlab-Token", door.token.secret);
    const auto found = door.inbox.inbox().find_token(delivery.headers, std::nullopt);
    REQUIRE(std::holds_alternative<TokenClaim>(found));
    door.rows.tell("DELETE FROM tokens WHERE id = " + door.id);
    CHECK(told(door.inbox.inbox().accept(std::get<TokenClaim>(found), delivery.headers, delivery.body)) ==
          "403 invalid_token");
    CHECK(door.stored() == kNothing);
}
