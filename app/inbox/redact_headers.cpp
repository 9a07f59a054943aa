// SPDX-License-Identifier: Apache-2.0
#include "app/inbox/redact_headers.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "app/postgres/storable_text.hpp"

namespace heddle {

using nlohmann::json;

namespace {

/// "https://user:password@host/…", anywhere in the value.
bool has_user_information(const std::string& value) {
    for (auto at = value.find("://"); at != std::string::npos; at = value.find("://", at + 3)) {
        const auto end = value.find_first_of("/?#@ ", at + 3);
        if (end != std::string::npos && value[end] == '@') return true;
    }
    return false;
}

}  // namespace

bool is_secret_header(std::string_view name) {
    // Words rather than names: also of senders that we don't know, and of proxies in between.
    static constexpr std::array<std::string_view, 8> kWords{
        "authorization", "cookie", "token", "signature", "secret", "password", "api-key", "apikey"};
    std::string lower(name);
    std::transform(
        lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
        return lower.find(word) != std::string::npos;
    });
}

std::string redacted_json(const WebhookHeaders& headers, const std::string& secret) {
    json out = json::array();
    for (const auto& [name, value] : headers) {
        const bool tells = is_secret_header(name) || has_user_information(value) ||
                           (!secret.empty() && value.find(secret) != std::string::npos);
        out.push_back(json::array({storable_text(name), tells ? "[redacted]" : storable_text(value)}));
    }
    return out.dump();
}

WebhookHeaders headers_from_json(const std::string& text) { return json::parse(text).get<WebhookHeaders>(); }

}  // namespace heddle
