// SPDX-License-Identifier: Apache-2.0
#include "app/crypto/sha256.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <stdexcept>

namespace heddle {

std::string sha256(std::string_view text) {
    std::string digest(32, '\0');
    unsigned int size = 0;
    if (EVP_Digest(text.data(),
                   text.size(),
                   reinterpret_cast<unsigned char*>(digest.data()),
                   &size,
                   EVP_sha256(),
                   nullptr) != 1 ||
        size != digest.size())
        throw std::logic_error("SHA-256 is not available");
    return digest;
}

bool same_secret(std::string_view a, std::string_view b) {
    const std::string left = sha256(a);
    const std::string right = sha256(b);
    return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace heddle
