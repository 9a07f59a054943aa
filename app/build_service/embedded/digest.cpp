// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/digest.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace heddle {
namespace {

std::string digest(const std::string& bytes, const EVP_MD* kind) {
    unsigned char raw[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), raw, &size, kind, nullptr) != 1)
        throw std::runtime_error("OpenSSL can't compute a digest");
    return std::string(reinterpret_cast<const char*>(raw), size);
}

}  // namespace

std::string md5_hex(const std::string& text) { return to_hex(digest(text, EVP_md5())); }

std::string sha256(const std::string& bytes) { return digest(bytes, EVP_sha256()); }

std::string to_hex(const std::string& bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const unsigned char byte : bytes) {
        hex += kDigits[byte >> 4];
        hex += kDigits[byte & 15];
    }
    return hex;
}

}  // namespace heddle
