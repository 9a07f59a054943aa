// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "workflows/webhooks/webhook.hpp"

namespace heddle {

class Pool;
class SecretBox;

/// The token that the headers of a request point to. Its signature, where it has one, is checked over the
/// body.
struct TokenClaim {
    std::int64_t token_id = 0;
    std::string signature;  // "sha256=..." to be checked over the raw body; empty: the secret itself was sent
};

/// What the sender is told. Codes and words are those of OBS (reference 1.3, 1.5).
struct InboxAnswer {
    int status = 200;                      // HTTP
    std::string code = "ok";               // "invalid_token", "not_enabled_token", "bad_request" ...
    std::string summary = "Ok";            // one sentence
    std::string info;                      // why nothing was started
    std::optional<std::int64_t> delivery;  // stored
    std::optional<std::int64_t> run;       // that it started
    std::string forge_kind;                // for the metrics
    std::string verdict;                   // for the metrics; empty: nothing was stored
};

/// The door for webhooks: authenticates, normalises, decides the verdict, stores delivery, run and job in one
/// transaction, answers. Asks no forge and no build service, and waits for nothing but the commit.
/// Thread-safe.
class Inbox {
public:
    /// Both must outlive it.
    Inbox(Pool& pool, const SecretBox& box);

    /// From the headers and the query's `id` alone, so that a stranger's body is never read.
    std::variant<TokenClaim, InboxAnswer> find_token(const WebhookHeaders& headers,
                                                     const std::optional<std::string>& id);

    /// The whole delivery. `body`: the raw bytes.
    InboxAnswer accept(const TokenClaim& claim, const WebhookHeaders& headers, std::string_view body);

    /// Takes a stored delivery in again, as a new one whatever its id; by the token's rights of now. One that
    /// a later delivery made an old one is refused with code older_delivery unless `force` (design 4.7).
    /// nullopt: there is no such delivery.
    std::optional<InboxAnswer> replay(std::int64_t delivery, bool force);

private:
    Pool& pool_;
    const SecretBox& box_;
};

}  // namespace heddle
