// SPDX-License-Identifier: Apache-2.0
#include "app/crypto/hmac.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace heddle {
namespace {

constexpr std::size_t kDigest = 32;
constexpr std::string_view kScheme = "sha256=";

// -1: no lower-case hex digit.
int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view message) {
    std::string out(kDigest, '\0');
    unsigned int size = 0;
    // OpenSSL takes a key without bytes only by a pointer that is not null.
    const char* key_bytes = key.empty() ? "" : key.data();
    if (!HMAC(EVP_sha256(),
              key_bytes,
              static_cast<int>(key.size()),
              reinterpret_cast<const unsigned char*>(message.data()),
              message.size(),
              reinterpret_cast<unsigned char*>(out.data()),
              &size) ||
        size != out.size())
        throw std::logic_error("OpenSSL failed: HMAC");
    return out;
}

bool same_digest(std::string_view left, std::string_view right) {
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::optional<std::string> parse_signature(std::string_view text) {
    if (!text.starts_with(kScheme) || text.size() != kScheme.size() + 2 * kDigest) return std::nullopt;
    std::string bytes;
    for (std::size_t at = kScheme.size(); at < text.size(); at += 2) {
        const int high = digit(text[at]), low = digit(text[at + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high << 4 | low);
    }
    return bytes;
}

std::string sign_body(std::string_view secret, std::string_view body) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text(kScheme);
    for (const unsigned char byte : hmac_sha256(secret, body)) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

bool is_signed_by(std::string_view secret, std::string_view signature, std::string_view body) {
    const std::optional<std::string> digest = parse_signature(signature);
    return digest && !secret.empty() && same_digest(*digest, hmac_sha256(secret, body));
}

}  // namespace heddle
