// SPDX-License-Identifier: Apache-2.0
#include "app/crypto/secret_box.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "app/crypto/hmac.hpp"

namespace heddle {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kKey = 32, kKeyId = 8, kNonce = 12, kTag = 16;
constexpr std::size_t kHead = 1 + kKeyId + kNonce;

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void check(int ok, const char* doing) {
    if (ok != 1) throw std::logic_error(std::string("OpenSSL failed: ") + doing);
}

std::string random_bytes(std::size_t size) {
    std::string text(size, '\0');
    check(RAND_bytes(bytes(text), static_cast<int>(size)), "random bytes");
    return text;
}

std::string to_hex(std::string_view text) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    for (const unsigned char c : text) {
        hex += kDigits[c >> 4];
        hex += kDigits[c & 15];
    }
    return hex;
}

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

// Empty: it was not 64 lower-case hex digits and a line end.
std::string key_from(std::string_view text) {
    if (text.size() != 2 * kKey + 1 || text.back() != '\n') return {};
    std::string key;
    for (std::size_t i = 0; i < 2 * kKey; i += 2) {
        const int high = digit(text[i]), low = digit(text[i + 1]);
        if (high < 0 || low < 0) return {};
        key += static_cast<char>(high << 4 | low);
    }
    return key;
}

std::string system_error(const std::filesystem::path& file, const std::string& doing) {
    return "the key file " + file.string() + " can't be " + doing + ": " + std::strerror(errno);
}

class File {
public:
    explicit File(int descriptor) : descriptor_(descriptor) {}
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    int operator*() const { return descriptor_; }

private:
    int descriptor_;
};

void sync_folder(const std::filesystem::path& folder) {
    const File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (*file < 0 || ::fsync(*file) != 0) throw KeyFileError(system_error(folder, "made durable"));
}

// `key_file` is the name that the user knows.
void write_key(const std::filesystem::path& part,
               std::string_view key,
               const std::filesystem::path& key_file) {
    const File file(::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (*file < 0) throw KeyFileError(system_error(key_file, "made"));
    std::string text = to_hex(key) + "\n";
    const bool written =
        ::write(*file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(*file) == 0;
    OPENSSL_cleanse(text.data(), text.size());
    if (written) return;
    const std::string why = system_error(key_file, "written");
    ::unlink(part.c_str());
    throw KeyFileError(why);
}

}  // namespace

SecretBox::SecretBox(std::string key)
    : key_(std::move(key)), key_id_(to_hex(hmac_sha256(key_, "heddle key id").substr(0, kKeyId))) {}

SecretBox SecretBox::read(const std::filesystem::path& key_file) {
    const File file(::open(key_file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (*file < 0) throw KeyFileError(system_error(key_file, "opened"));
    struct stat found {};
    if (::fstat(*file, &found) != 0) throw KeyFileError(system_error(key_file, "read"));
    if (!S_ISREG(found.st_mode) || found.st_uid != ::geteuid() || (found.st_mode & 077) != 0)
        throw KeyFileError("the key file " + key_file.string() + " must be a file of our own with mode 0600");
    std::string text(2 * kKey + 2, '\0');
    const ssize_t got = ::read(*file, text.data(), text.size());
    std::string key =
        got < 0 ? std::string() : key_from(std::string_view(text).substr(0, static_cast<std::size_t>(got)));
    OPENSSL_cleanse(text.data(), text.size());
    if (key.empty())
        throw KeyFileError("the key file " + key_file.string() + " must hold 64 hex digits and a line end");
    return SecretBox(std::move(key));
}

SecretBox SecretBox::create(const std::filesystem::path& key_file) {
    std::string key = random_bytes(kKey);
    // Whole or not at all: under another name first, then linked to its own, which fails where there is one.
    const std::filesystem::path part = key_file.string() + "." + random_hex(8);
    write_key(part, key, key_file);
    const bool linked = ::link(part.c_str(), key_file.c_str()) == 0;
    const std::string why = linked ? "" : system_error(key_file, "made");
    ::unlink(part.c_str());
    if (!linked) throw KeyFileError(why);
    sync_folder(key_file.has_parent_path() ? key_file.parent_path() : ".");
    return SecretBox(std::move(key));
}

std::string SecretBox::seal(std::string_view secret, std::string_view row) const {
    std::string box(1, kVersion);
    box += hmac_sha256(key_, "heddle key id").substr(0, kKeyId);
    box += random_bytes(kNonce);
    std::string cipher(secret.size() + kTag, '\0');
    const CipherContext context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    int size = 0;
    check(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes(key_), bytes(box) + 1 + kKeyId),
          "seal");
    check(EVP_EncryptUpdate(context.get(), nullptr, &size, bytes(row), static_cast<int>(row.size())), "seal");
    check(EVP_EncryptUpdate(
              context.get(), bytes(cipher), &size, bytes(secret), static_cast<int>(secret.size())),
          "seal");
    check(EVP_EncryptFinal_ex(context.get(), bytes(cipher) + size, &size), "seal");
    check(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTag, bytes(cipher) + secret.size()),
          "seal");
    return box + cipher;
}

std::string SecretBox::open(std::string_view box, std::string_view row) const {
    if (box.size() < kHead + kTag || box[0] != kVersion)
        throw std::runtime_error("a sealed secret is damaged");
    if (to_hex(box.substr(1, kKeyId)) != key_id_)
        throw KeyFileError("a secret was sealed with another key (" + to_hex(box.substr(1, kKeyId)) + ")");
    const std::string_view cipher = box.substr(kHead, box.size() - kHead - kTag);
    std::string tag(box.substr(box.size() - kTag));
    std::string secret(cipher.size(), '\0');
    const CipherContext context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    int size = 0;
    check(EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes(key_), bytes(box) + 1 + kKeyId),
          "open");
    check(EVP_DecryptUpdate(context.get(), nullptr, &size, bytes(row), static_cast<int>(row.size())), "open");
    check(EVP_DecryptUpdate(
              context.get(), bytes(secret), &size, bytes(cipher), static_cast<int>(cipher.size())),
          "open");
    check(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()), "open");
    if (EVP_DecryptFinal_ex(context.get(), bytes(secret) + size, &size) != 1) {
        OPENSSL_cleanse(secret.data(), secret.size());
        throw std::runtime_error("a sealed secret was tampered with, or belongs to another row");
    }
    return secret;
}

std::string SecretBox::digest(std::string_view secret) const {
    return hmac_sha256(hmac_sha256(key_, "heddle digest"), secret);
}

std::string random_hex(std::size_t size) { return to_hex(random_bytes(size)); }

}  // namespace heddle
