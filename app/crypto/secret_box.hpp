// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace heddle {

/// The key file is missing, readable by others, malformed, or does not fit the data.
struct KeyFileError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Encrypts the secrets that stand in the database: AES-256-GCM under the key file's key. Thread-safe.
/// A sealed value is: version byte, 8 bytes of key id, 12 bytes of nonce, ciphertext, 16 bytes of tag.
class SecretBox {
public:
    /// Reads a key file (32 bytes as 64 hex digits and a line end), which must be ours and mode 0600.
    static SecretBox read(const std::filesystem::path& key_file);
    /// Makes a new key file, 0600, durable before it returns; throws if there is one already.
    static SecretBox create(const std::filesystem::path& key_file);

    /// 16 hex digits that name the key without telling it.
    const std::string& key_id() const { return key_id_; }

    /// `row` names where the value stands ("tokens.secret/12"): a box moved to another row does not open.
    std::string seal(std::string_view secret, std::string_view row) const;
    /// Throws KeyFileError when the box was made with another key, std::runtime_error when it was tampered
    /// with.
    std::string open(std::string_view box, std::string_view row) const;
    /// Keyed digest (HMAC-SHA-256, 32 bytes) for looking up a row by its secret.
    std::string digest(std::string_view secret) const;

private:
    SecretBox(std::string key);

    std::string key_;
    std::string key_id_;
};

/// `size` random bytes from the system, as lower-case hex.
std::string random_hex(std::size_t size);

}  // namespace heddle
