// SPDX-License-Identifier: Apache-2.0
#include "tests/support/inbox_world.hpp"

#include <nlohmann/json.hpp>

#include "app/crypto/hmac.hpp"

namespace heddle::testing {
namespace {

using nlohmann::json;

json repository_json(const PullRequestFacts& facts) {
    return {{"id", facts.repository_id},
            {"full_name", facts.repository},
            {"html_url", facts.web + "/" + facts.repository},
            {"clone_url", facts.web + "/" + facts.repository + ".git"}};
}

WebhookHeaders headers_of(const std::string& event, const std::string& id) {
    WebhookHeaders headers{{"Content-Type", "application/json"},
                           {"X-GitHub-Event", event},
                           {"User-Agent", "GitHub-Hookshot/test"}};
    if (!id.empty()) headers.emplace_back("X-GitHub-Delivery", id);
    return headers;
}

}  // namespace

TestDelivery a_delivery(const PullRequestFacts& facts, const std::string& id) {
    const json repository = repository_json(facts);
    const json body{{"action", facts.action},
                    {"number", facts.number},
                    {"pull_request",
                     {{"title", facts.title},
                      {"number", facts.number},
                      {"merged", facts.merged},
                      {"labels", json::array()},
                      {"head", {{"sha", facts.head}, {"ref", "feature"}, {"repo", repository}}},
                      {"base", {{"ref", facts.branch}, {"repo", repository}}}}},
                    {"repository", repository},
                    {"sender", {{"login", "ann"}}}};
    return {headers_of("pull_request", id), body.dump()};
}

TestDelivery a_ping(const std::string& id) {
    return {headers_of("ping", id),
            json{{"zen", "Keep it simple"}, {"repository", repository_json({})}}.dump()};
}

InboxWorld::InboxWorld(RunWorld& world)
    : world_(world), box_(SecretBox::create(folder_.path() / "secret.key")), inbox_(world.pool(), box_) {
    forge_id_ = add_forge("src", "github", "https://forge.example", "https://forge.example/api/v3");
}

std::int64_t InboxWorld::add_forge(const std::string& name,
                                   const std::string& kind,
                                   const std::string& web_url,
                                   const std::string& api_url,
                                   bool private_network) {
    static const std::string kAddForge = R"sql(
        INSERT INTO forges (name, kind, web_url, api_url, private_network) VALUES ($1, $2, $3, $4, $5) RETURNING id)sql";
    return in_transaction(world_.pool(), [&](pqxx::work& tx) {
        return tx.exec_params1(kAddForge, name, kind, web_url, api_url, private_network)[0]
            .as<std::int64_t>();
    });
}

KnownToken InboxWorld::add_token(std::optional<std::int64_t> forge, const std::string& kind) {
    static const std::string kAddToken = R"sql(
        WITH known AS (INSERT INTO secret_keys (key_id) VALUES ($6) ON CONFLICT DO NOTHING)
        INSERT INTO tokens (id, kind, executor_id, forge_id, secret, secret_digest, secret_key_id)
        OVERRIDING SYSTEM VALUE
        SELECT $1, $2, id, $3, $4, $5, $6 FROM users WHERE login = 'ann')sql";
    return in_transaction(world_.pool(), [&](pqxx::work& tx) {
        KnownToken token;
        token.id = tx.exec1("SELECT nextval(pg_get_serial_sequence('tokens', 'id'))")[0].as<std::int64_t>();
        token.secret = "secret" + random_hex(8);
        const std::string sealed = box_.seal(token.secret, "tokens.secret/" + std::to_string(token.id));
        const std::string digest = box_.digest(token.secret);
        tx.exec_params0(kAddToken,
                        token.id,
                        kind,
                        forge,
                        pqxx::binarystring(sealed.data(), sealed.size()),
                        pqxx::binarystring(digest.data(), digest.size()),
                        box_.key_id());
        return token;
    });
}

InboxAnswer InboxWorld::send(const KnownToken& token, TestDelivery delivery) {
    delivery.headers.emplace_back("X-Hub-Signature-256", sign_body(token.secret, delivery.body));
    return send(delivery, std::to_string(token.id));
}

InboxAnswer InboxWorld::send(const TestDelivery& delivery, const std::optional<std::string>& id) {
    const auto found = inbox_.find_token(delivery.headers, id);
    if (const auto* refused = std::get_if<InboxAnswer>(&found)) return *refused;
    return inbox_.accept(std::get<TokenClaim>(found), delivery.headers, delivery.body);
}

}  // namespace heddle::testing
