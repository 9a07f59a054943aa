// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

namespace heddle {

/// A forge as a payload's addresses are compared with it.
struct WebhookForge {
    std::int64_t id = 0;
    std::string name;
    std::string kind;
    std::string web_url;
    std::string api_url;
};

/// What the inbox must know of a token, in one row. The secret stays in its box.
struct WebhookToken {
    std::int64_t id = 0;
    std::string kind;  // workflow, rebuild, release, service
    bool enabled = true;
    std::string executor;  // login
    bool executor_active = true;
    std::string sealed_secret;          // a box for "tokens.secret/ID"
    std::optional<WebhookForge> forge;  // absent: not bound yet
};

std::optional<WebhookToken> find_webhook_token(pqxx::transaction_base& tx, std::int64_t id);
/// By the keyed digest of its secret (SecretBox::digest).
std::optional<WebhookToken> find_webhook_token(pqxx::transaction_base& tx, const std::string& secret_digest);

/// The forges of that kind that a token may be bound to by what it received: never one in a private network.
std::vector<WebhookForge> list_bindable_forges(pqxx::transaction_base& tx, const std::string& kind);

/// Binds a token that has no forge, and says so in the audit log. False: it has one already.
bool bind_token(pqxx::transaction_base& tx, const WebhookToken& token, const WebhookForge& forge);

/// The token was triggered now. To the second: deliveries of one token don't wait for each other.
void note_triggered(pqxx::transaction_base& tx, std::int64_t token_id);

}  // namespace heddle
