// SPDX-License-Identifier: Apache-2.0
// Who a webhook says it is from: lines "id: ..." and "Name: value" up to an empty line, then the body. The
// words %SIGNATURE% and %SECRET% become the right ones, so that the fuzzer can spoil them.
#include <openssl/evp.h>
#include <strings.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "app/crypto/hmac.hpp"
#include "app/inbox/claimed_token.hpp"
#include "app/inbox/redact_headers.hpp"
#include "tests/fuzz/require.hpp"

using namespace heddle;

namespace {

const std::string kSecret = "kBpwT5gvJF9uFfP3aLqVYd2x";
constexpr const char* kSignatureHeaders[] = {
    "X-OBS-Signature", "X-Hub-Signature-256", "X-Pagure-Signature-256"};

struct Sent {
    std::optional<std::string> id;
    WebhookHeaders headers;
    std::string body;
};

/// As hex digits, by another way through OpenSSL than the program's.
std::string signature_of(const std::string& body) {
    unsigned char digest[32];
    std::size_t size = 0;
    REQUIRE(EVP_Q_mac(nullptr,
                      "HMAC",
                      nullptr,
                      "SHA256",
                      nullptr,
                      kSecret.data(),
                      kSecret.size(),
                      reinterpret_cast<const unsigned char*>(body.data()),
                      body.size(),
                      digest,
                      sizeof digest,
                      &size));
    std::string text = "sha256=";
    char hex[3];
    for (const unsigned char byte : digest) {
        std::snprintf(hex, sizeof hex, "%02x", byte);
        text += hex;
    }
    return text;
}

void replace(std::string& text, std::string_view word, const std::string& by) {
    const std::size_t at = text.find(word);
    if (at != std::string::npos) text.replace(at, word.size(), by);
}

Sent read(std::string_view input) {
    Sent sent;
    const std::size_t end = std::min(input.find("\n\n"), input.size());
    sent.body = input.substr(std::min(end + 2, input.size()));
    const std::string signature = signature_of(sent.body);
    for (std::string_view head = input.substr(0, end); !head.empty();) {
        const std::string_view line = head.substr(0, head.find('\n'));
        head.remove_prefix(std::min(line.size() + 1, head.size()));
        const std::size_t colon = std::min(line.find(": "), line.size());
        std::string value(line.substr(std::min(colon + 2, line.size())));
        replace(value, "%SIGNATURE%", signature);
        replace(value, "%SECRET%", kSecret);
        if (line.substr(0, colon) == "id")
            sent.id = value;
        else
            sent.headers.emplace_back(line.substr(0, colon), value);
    }
    return sent;
}

bool is_called(const std::string& header, const char* name) {
    return header.size() == std::strlen(name) && ::strcasecmp(header.c_str(), name) == 0;
}

const std::string* first(const WebhookHeaders& headers, const char* name) {
    for (const auto& [header, value] : headers)
        if (is_called(header, name)) return &value;
    return nullptr;
}

bool is_seven(const std::string& id) {
    const std::size_t zeros = std::min(id.find_first_not_of('0'), id.size());
    return id.substr(zeros) == "7";
}

/// Reference 1.2 put another way: an id with a signature decides alone, then GitLab's header, then the other.
bool is_authentic_by_rules(const Sent& sent) {
    const std::string* signature = nullptr;
    for (const char* name : kSignatureHeaders)
        if (!signature) signature = first(sent.headers, name);
    if (sent.id && signature) return is_seven(*sent.id) && *signature == signature_of(sent.body);
    if (const std::string* secret = first(sent.headers, "X-Gitlab-Token")) return *secret == kSecret;
    const std::string* secret = first(sent.headers, "Authorization");
    return secret && ::strncasecmp(secret->c_str(), "Token", 5) == 0 && secret->size() > 6 &&
           secret->substr(6) == kSecret;
}

/// What the program says, for the one token 7.
bool is_authentic(const Sent& sent) {
    const auto claim = claimed_token(sent.headers, sent.id);
    if (const auto* by_signature = std::get_if<SignedClaim>(&claim)) {
        REQUIRE(parse_signature(by_signature->signature).has_value());
        return by_signature->token_id == 7 && is_signed_by(kSecret, by_signature->signature, sent.body);
    }
    const auto* by_secret = std::get_if<SecretClaim>(&claim);
    if (!by_secret) return false;
    REQUIRE(!by_secret->secret.empty() && by_secret->secret.size() <= 1024);
    REQUIRE(by_secret->secret.find_first_of(std::string("\r\n\0", 3)) == std::string::npos);
    return by_secret->secret == kSecret;
}

/// A signature is good for its body, whole, and for nothing else.
void check_signature(const std::string& body) {
    const std::string signature = signature_of(body);
    REQUIRE(sign_body(kSecret, body) == signature);
    REQUIRE(is_signed_by(kSecret, signature, body));
    REQUIRE(!is_signed_by(kSecret, signature, body + '\0'));
    REQUIRE(!is_signed_by(kSecret, signature.substr(0, 7 + body.size() % 64), body));
    REQUIRE(!is_signed_by(kSecret + "x", signature, body));
    REQUIRE(!is_signed_by("", sign_body("", body), body));
    if (body.empty()) return;
    std::string other = body;
    other[body.size() / 2] ^= 1 << body.size() % 8;
    REQUIRE(!is_signed_by(kSecret, signature, other));
}

/// What is stored of the headers proves nothing to who reads it.
void check_redacted(const WebhookHeaders& headers) {
    const WebhookHeaders stored = headers_from_json(redacted_json(headers, ""));
    REQUIRE(stored.size() == headers.size());
    for (std::size_t at = 0; at < headers.size(); ++at)
        for (const char* name : {"X-OBS-Signature",
                                 "X-Hub-Signature-256",
                                 "X-Pagure-Signature-256",
                                 "X-Gitlab-Token",
                                 "Authorization"})
            if (is_called(headers[at].first, name)) REQUIRE(stored[at].second == "[redacted]");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Sent sent = read({reinterpret_cast<const char*>(data), size});
    REQUIRE(is_authentic(sent) == is_authentic_by_rules(sent));
    check_signature(sent.body);
    check_redacted(sent.headers);
    return 0;
}
