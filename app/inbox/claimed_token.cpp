// SPDX-License-Identifier: Apache-2.0
#include "app/inbox/claimed_token.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "app/crypto/hmac.hpp"
#include "app/inbox/plain_secret.hpp"

namespace heddle {
namespace {

constexpr std::size_t kLongestSecret = 1024;

bool same_word(std::string_view left, std::string_view right) {
    return std::equal(
        left.begin(), left.end(), right.begin(), right.end(), [](unsigned char a, unsigned char b) {
            return std::tolower(a) == std::tolower(b);
        });
}

std::optional<std::string> find_signature(const WebhookHeaders& headers) {
    static constexpr std::array<std::string_view, 3> kNames{
        "X-OBS-Signature", "X-Hub-Signature-256", "X-Pagure-Signature-256"};
    for (const std::string_view name : kNames)
        if (auto value = find_header(headers, name)) return value;
    return std::nullopt;
}

/// "Token", one character, the secret.
std::optional<std::string> authorization_secret(const WebhookHeaders& headers) {
    constexpr std::string_view kScheme = "Token";
    const std::string value = find_header(headers, "Authorization").value_or("");
    if (value.size() <= kScheme.size() || !same_word(value.substr(0, kScheme.size()), kScheme))
        return std::nullopt;
    return value.substr(kScheme.size() + 1);
}

std::optional<std::int64_t> parse_id(const std::string& text) {
    std::int64_t id = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, id);
    if (error != std::errc() || stop != end || id <= 0) return std::nullopt;
    return id;
}

bool may_be_secret(const std::string& text) {
    return !text.empty() && text.size() <= kLongestSecret &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace

std::optional<std::string> find_header(const WebhookHeaders& headers, std::string_view name) {
    for (const auto& [header, value] : headers)
        if (same_word(header, name)) return value;
    return std::nullopt;
}

std::variant<SignedClaim, SecretClaim, NoClaim> claimed_token(const WebhookHeaders& headers,
                                                              const std::optional<std::string>& id) {
    const std::optional<std::string> signature = find_signature(headers);
    if (id && signature) {
        const std::optional<std::int64_t> token = parse_id(*id);
        if (!token || !parse_signature(*signature)) return NoClaim{};
        return SignedClaim{*token, *signature};
    }
    std::optional<std::string> secret = plain_secret(headers);
    if (!secret) secret = authorization_secret(headers);
    if (!secret || !may_be_secret(*secret)) return NoClaim{};
    return SecretClaim{std::move(*secret)};
}

}  // namespace heddle
