// SPDX-License-Identifier: Apache-2.0
#include "app/crypto/random_secret.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace heddle {

std::string random_secret() {
    std::array<unsigned char, 24> bytes{};  // a multiple of 3: base64 without padding
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("OpenSSL failed: random bytes");
    std::array<unsigned char, bytes.size() / 3 * 4 + 1> text{};  // and the NUL that OpenSSL adds
    EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
    std::string secret(reinterpret_cast<const char*>(text.data()), text.size() - 1);
    OPENSSL_cleanse(bytes.data(), bytes.size());
    OPENSSL_cleanse(text.data(), text.size());
    return secret;
}

}  // namespace heddle
