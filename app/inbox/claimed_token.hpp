// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "workflows/webhooks/webhook.hpp"

namespace heddle {

/// The value of the first header of that name, in any spelling; nullopt: there is none, which is not the same
/// as an empty one.
std::optional<std::string> find_header(const WebhookHeaders& headers, std::string_view name);

/// A token by its number, with the digest that signs the body.
struct SignedClaim {
    std::int64_t token_id = 0;
    std::string signature;  // "sha256=..."
};
/// A token by its secret, which was sent itself.
struct SecretClaim {
    std::string secret;
};
/// None, or none that can be right.
struct NoClaim {};

/// What the headers and the query's `id` claim, by the order of reference 1.2. A signature with an id decides
/// alone: a wrong one is not made good by a secret.
std::variant<SignedClaim, SecretClaim, NoClaim> claimed_token(const WebhookHeaders& headers,
                                                              const std::optional<std::string>& id);

}  // namespace heddle
