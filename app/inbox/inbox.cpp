// SPDX-License-Identifier: Apache-2.0
#include "app/inbox/inbox.hpp"

#include "app/crypto/hmac.hpp"
#include "app/crypto/secret_box.hpp"
#include "app/inbox/claimed_token.hpp"
#include "app/inbox/delivery_intake.hpp"
#include "app/inbox/redact_headers.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {
namespace {

InboxAnswer refusal(int status, const std::string& code, const std::string& summary) {
    InboxAnswer answer;
    answer.status = status;
    answer.code = code;
    answer.summary = summary;
    return answer;
}

// One answer for an unknown id and for a wrong signature: nobody learns which tokens there are.
InboxAnswer no_token() { return refusal(403, "invalid_token", "No valid token found"); }

/// Why this token can't trigger anything, whoever shows it; in the order of reference 1.3.
std::optional<InboxAnswer> why_refused(const WebhookToken& token) {
    if (token.kind != "workflow")
        return refusal(403, "invalid_token", "a token of kind " + token.kind + " can't trigger workflows");
    if (!token.enabled) return refusal(403, "not_enabled_token", "this token is not enabled");
    if (!token.executor_active)
        return refusal(403, "trigger_token/workflow_not_authorized", "the token's user is not active");
    return std::nullopt;
}

struct Stored {
    StoredDelivery row;
    std::string body;
    std::optional<std::int64_t> later;
    std::optional<WebhookToken> token;
};

std::optional<Stored> read_stored(pqxx::transaction_base& tx, std::int64_t id) {
    std::optional<StoredDelivery> row = find_delivery(tx, id);
    if (!row) return std::nullopt;
    const std::int64_t token_id = row->token_id;
    return Stored{std::move(*row),
                  read_delivery_body(tx, id).value(),
                  later_delivery(tx, id),
                  find_webhook_token(tx, token_id)};
}

/// One statement needs no transaction of its own around it.
template <class Key>
std::optional<WebhookToken> look_up(Pool& pool, const Key& key) {
    Pool::Lease lease = pool.acquire();
    try {
        pqxx::nontransaction tx(*lease);
        return find_webhook_token(tx, key);
    } catch (const pqxx::broken_connection&) {
        lease.discard();
        throw;
    }
}

std::string secret_of(const SecretBox& box, const WebhookToken& token) {
    return box.open(token.sealed_secret, "tokens.secret/" + std::to_string(token.id));
}

InboxAnswer take_in(Pool& pool, DeliveryIntake intake) {
    for (;;) {
        try {
            return in_transaction(pool, [&](pqxx::work& tx) { return intake.record(tx); });
        } catch (const TwinWon&) {
            // It is committed now, and the next look finds it.
        }
    }
}

}  // namespace

Inbox::Inbox(Pool& pool, const SecretBox& box) : pool_(pool), box_(box) {}

std::variant<TokenClaim, InboxAnswer> Inbox::find_token(const WebhookHeaders& headers,
                                                        const std::optional<std::string>& id) {
    const auto claim = claimed_token(headers, id);
    if (const auto* by_signature = std::get_if<SignedClaim>(&claim)) {
        // What else is wrong with the token is told only to who can sign.
        if (!look_up(pool_, by_signature->token_id)) return no_token();
        return TokenClaim{by_signature->token_id, by_signature->signature};
    }
    const auto* by_secret = std::get_if<SecretClaim>(&claim);
    if (!by_secret) return no_token();
    const auto token = look_up(pool_, box_.digest(by_secret->secret));
    if (!token) return refusal(404, "not_found", "there is no token with this secret");
    if (auto refused = why_refused(*token)) return *refused;
    return TokenClaim{token->id, ""};
}

InboxAnswer Inbox::accept(const TokenClaim& claim, const WebhookHeaders& headers, std::string_view body) {
    const auto token = look_up(pool_, claim.token_id);
    if (!token) return no_token();
    const std::string secret = secret_of(box_, *token);
    if (!claim.signature.empty() && !is_signed_by(secret, claim.signature, body)) return no_token();
    if (auto refused = why_refused(*token)) return *refused;
    return take_in(pool_, DeliveryIntake(*token, headers, body, secret, true));
}

std::optional<InboxAnswer> Inbox::replay(std::int64_t delivery, bool force) {
    const auto stored = in_transaction(pool_, [&](pqxx::work& tx) { return read_stored(tx, delivery); });
    if (!stored) return std::nullopt;
    if (auto refused = why_refused(stored->token.value())) return refused;
    if (stored->later && !force)
        return refusal(
            409,
            "older_delivery",
            "delivery " + std::to_string(*stored->later) +
                ", which came later, tells of a newer state of the same pull request, branch or tag");
    return take_in(
        pool_,
        DeliveryIntake(*stored->token, headers_from_json(stored->row.headers), stored->body, "", false));
}

}  // namespace heddle
