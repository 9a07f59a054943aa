// SPDX-License-Identifier: Apache-2.0
#include "app/cli/secret_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include "app/config/password_rule.hpp"
#include "app/config/plain_text.hpp"
#include "app/config/wrong_use.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr std::size_t kMostBytes = 4096;
constexpr std::size_t kMostKeyBytes = 16 * 1024;  // RSA of 16,384 bits has 13 kB
constexpr const char* kKeyBegin = "-----BEGIN ";
constexpr std::size_t kShortestSecret = 16;   // who sees one signed delivery can guess in peace
constexpr std::size_t kLongestSecret = 1024;  // that a header is searched for

std::string read_some(std::istream& in, const std::string& place, std::size_t most) {
    std::string text(most + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad() || (in.fail() && !in.eof()))
        throw WrongUse(place + " can't be read: " + std::strerror(errno));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

std::string place_of(const std::string& option, const std::string& file) {
    return option + ": " + (file == "-" ? "standard input" : heddle::quoted(file));
}

std::string read_text(const std::string& option, const std::string& file, std::size_t most) {
    const std::string place = place_of(option, file);
    if (file == "-") return read_some(std::cin, place, most);
    std::ifstream in(file, std::ios::binary);
    if (!in) throw WrongUse(place + " can't be read: " + std::strerror(errno));
    return read_some(in, place, most);
}

std::string line_of(std::string text, const std::string& place) {
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    if (text.empty()) throw WrongUse(place + " is empty");
    if (text.size() > kMostBytes - 2 || text.find('\n') != std::string::npos)
        throw WrongUse(place + " must hold one line of at most 4000 characters");
    return text;
}

std::string read_line(const std::string& option, const std::string& file) {
    return line_of(read_text(option, file, kMostBytes), place_of(option, file));
}

void require_printable(const std::string& option, const std::string& text) {
    const bool printable =
        std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7F; });
    if (!printable || text.front() == ' ' || text.back() == ' ')
        throw WrongUse(option + ": a secret must be printable ASCII, without spaces at its ends");
}

/// PEM says so in words (RFC 1421, RFC 7468). OpenSSH's own form begins, decoded, with its name and that of
/// the cipher (PROTOCOL.key): what stands here is "openssh-key-v1" and "none".
bool has_passphrase(const std::string& key) {
    constexpr const char* kOpenSsh = "-----BEGIN OPENSSH PRIVATE KEY-----\n";
    if (key.starts_with(kOpenSsh))
        return !key.substr(std::strlen(kOpenSsh)).starts_with("b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAE");
    return key.find("ENCRYPTED") != std::string::npos;
}

/// As ssh reads it: with line ends of its own, the last line's too.
std::string private_key_of(std::string text, const std::string& place) {
    std::erase(text, '\r');
    while (text.ends_with('\n')) text.pop_back();
    const auto last = text.rfind('\n');
    const bool whole = text.find(" PRIVATE KEY-----\n") < last && last != std::string::npos &&
                       text.compare(last + 1, 9, "-----END ") == 0 && text.size() < kMostKeyBytes;
    const bool printable = std::all_of(
        text.begin(), text.end(), [](unsigned char c) { return c == '\n' || (c >= 0x20 && c < 0x7F); });
    if (!whole || !printable) throw WrongUse(place + " holds no whole private key");
    text += '\n';
    if (has_passphrase(text))
        throw WrongUse(place + " holds a private key with a passphrase, and nobody is there to enter it");
    return text;
}

}  // namespace

std::string read_secret(const std::string& option, const std::string& file) {
    const std::string text = read_line(option, file);
    require_printable(option, text);
    return text;
}

std::string read_credential(const std::string& option, const std::string& file) {
    const std::string text = read_text(option, file, kMostKeyBytes);
    if (is_private_key(text)) return private_key_of(text, place_of(option, file));
    const std::string line = line_of(text, place_of(option, file));
    require_printable(option, line);
    return line;
}

bool is_private_key(const std::string& credential) { return credential.starts_with(kKeyBegin); }

std::string read_webhook_secret(const std::string& option, const std::string& file) {
    const std::string text = read_secret(option, file);
    if (text.size() < kShortestSecret || text.size() > kLongestSecret)
        throw WrongUse(option + ": a webhook's secret must have at least 16 characters, and at most 1024");
    return text;
}

std::string read_password(const std::string& option, const std::string& file) {
    const std::string text = read_line(option, file);
    if (const auto why = why_no_password(text)) throw WrongUse(option + ": a password " + *why);
    return text;
}

std::string read_foreign_password(const std::string& option, const std::string& file) {
    const std::string text = read_line(option, file);
    if (!is_plain_text(text)) throw WrongUse(option + ": a password must be printable UTF-8 text");
    return text;
}

std::string require_own_file(const Config& config,
                             const std::string& key,
                             const std::filesystem::path& file) {
    const auto place = config.places.find(key);
    const std::string option = place == config.places.end() ? key : place->second + ": " + key;
    struct stat found {};
    // One that is not there is told by its reader.
    if (::stat(file.c_str(), &found) == 0 &&
        (!S_ISREG(found.st_mode) || found.st_uid != ::geteuid() || (found.st_mode & 077) != 0))
        throw WrongUse(place_of(option, file) + " must be a file of our own with mode 0600");
    return option;
}

}  // namespace heddle
