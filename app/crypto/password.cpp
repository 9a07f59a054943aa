// SPDX-License-Identifier: Apache-2.0
#include "app/crypto/password.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stdexcept>

namespace heddle {
namespace {

constexpr std::size_t kSalt = 16, kHash = 32;
constexpr std::uint64_t kMostMemory = std::uint64_t{128} << 20;

struct Stored {
    std::uint64_t n = 1 << 15;
    std::uint64_t r = 8;
    std::uint64_t p = 1;
    std::string salt;
    std::string hash;
};

std::string scrypt(std::string_view password, const Stored& how) {
    static std::mutex one_at_a_time;
    const std::lock_guard lock(one_at_a_time);
    std::string hash(kHash, '\0');
    const int ok = EVP_PBE_scrypt(password.data(),
                                  password.size(),
                                  reinterpret_cast<const unsigned char*>(how.salt.data()),
                                  how.salt.size(),
                                  how.n,
                                  how.r,
                                  how.p,
                                  kMostMemory,
                                  reinterpret_cast<unsigned char*>(hash.data()),
                                  hash.size());
    if (ok != 1) throw std::runtime_error("OpenSSL failed: scrypt");
    return hash;
}

std::string to_hex(std::string_view bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    for (const unsigned char c : bytes) {
        hex += kDigits[c >> 4];
        hex += kDigits[c & 15];
    }
    return hex;
}

std::optional<std::string> from_hex(std::string_view hex) {
    std::string bytes;
    if (hex.size() % 2 != 0) return std::nullopt;
    for (std::size_t at = 0; at < hex.size(); at += 2) {
        unsigned value = 0;
        const auto [end, error] = std::from_chars(hex.data() + at, hex.data() + at + 2, value, 16);
        if (error != std::errc() || end != hex.data() + at + 2) return std::nullopt;
        bytes += static_cast<char>(value);
    }
    return bytes;
}

std::optional<std::uint64_t> number_from(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<Stored> read_stored(std::string_view text) {
    std::array<std::string_view, 5> parts;
    for (std::size_t at = 0; at < parts.size(); ++at) {
        const std::size_t end = at + 1 < parts.size() ? text.find('$') : text.size();
        if (end == std::string_view::npos) return std::nullopt;
        parts.at(at) = text.substr(0, end);
        text.remove_prefix(at + 1 < parts.size() ? end + 1 : end);
    }
    const auto n = number_from(parts[0]), r = number_from(parts[1]), p = number_from(parts[2]);
    const auto salt = from_hex(parts[3]), hash = from_hex(parts[4]);
    if (!n || !r || !p || !salt || !hash || hash->size() != kHash) return std::nullopt;
    return Stored{*n, *r, *p, *salt, *hash};
}

}  // namespace

std::string hash_password(std::string_view password) {
    Stored made;
    made.salt.resize(kSalt);
    if (RAND_bytes(reinterpret_cast<unsigned char*>(made.salt.data()), static_cast<int>(kSalt)) != 1)
        throw std::runtime_error("OpenSSL failed: random bytes");
    made.hash = scrypt(password, made);
    return std::to_string(made.n) + "$" + std::to_string(made.r) + "$" + std::to_string(made.p) + "$" +
           to_hex(made.salt) + "$" + to_hex(made.hash);
}

bool check_password(std::string_view password, std::string_view stored) {
    if (stored.empty()) {
        Stored nobody;
        nobody.salt.assign(kSalt, '\0');
        scrypt(password, nobody);
        return false;
    }
    const auto known = read_stored(stored);
    if (!known) throw std::runtime_error("a stored password is damaged");
    const std::string hash = scrypt(password, *known);
    return CRYPTO_memcmp(hash.data(), known->hash.data(), kHash) == 0;
}

}  // namespace heddle
