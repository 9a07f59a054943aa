// SPDX-License-Identifier: Apache-2.0
#include "app/config/ssh_url.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "app/config/plain_text.hpp"
#include "app/config/url.hpp"

namespace heddle {
namespace {

constexpr std::string_view kScheme = "ssh://";
constexpr std::size_t kLongest = 4096;
constexpr std::string_view kStays = "/-._~+@,=:";  // what stands unencoded in a path

bool is_word(unsigned char c) { return c < 0x80 && std::isalnum(c); }

bool is_user(std::string_view text) {
    return !text.empty() && (is_word(static_cast<unsigned char>(text.front())) || text.front() == '_') &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return is_word(static_cast<unsigned char>(c)) ||
                      std::string_view("._-").find(c) != std::string_view::npos;
           });
}

std::optional<std::string> decoded(std::string_view text) {
    if (text.find_first_of("?#") != std::string_view::npos) return std::nullopt;
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at];
            continue;
        }
        unsigned code = 0;
        const std::string_view digits = text.substr(at + 1, 2);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
        if (error != std::errc() || digits.size() != 2 || end != digits.data() + 2) return std::nullopt;
        out += static_cast<char>(code);
        at += 2;
    }
    return out;
}

std::string encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_word(byte) || kStays.find(c) != std::string_view::npos)
            out += c;
        else
            out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return out;
}

// No server takes it for another path than we do.
bool is_clear_path(const std::string& path) {
    if (!is_plain_text(path) || path.find('\\') != std::string::npos) return false;
    const std::string closed = path + "/";
    for (const char* part : {"//", "/./", "/../"})
        if (closed.find(part) != std::string::npos) return false;
    return true;
}

std::optional<SshUrl> assembled(std::string_view authority, std::string path) {
    SshUrl url;
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        url.user = authority.substr(0, at);
        if (!is_user(url.user)) return std::nullopt;
        authority.remove_prefix(at + 1);
    }
    auto place = parse_host_and_port(authority);
    if (!place) place = parse_host_and_port(std::string(authority) + ":22");
    if (!place || place->port == 0) return std::nullopt;
    while (path.ends_with('/')) path.pop_back();
    if (!is_clear_path(path)) return std::nullopt;
    url.host = place->host;
    url.port = place->port;
    url.path = std::move(path);
    return url;
}

/// "host:path"; a '/' in front of the colon makes it a path of this machine, and "::" names a program.
std::optional<SshUrl> from_short_form(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || text.find('/') < colon) return std::nullopt;
    const std::string_view path = text.substr(colon + 1);
    if (path.empty() || path.starts_with(':')) return std::nullopt;
    return assembled(text.substr(0, colon), (path.starts_with('/') ? "" : "/") + std::string(path));
}

}  // namespace

std::string SshUrl::origin() const {
    const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return std::string(kScheme) + (user.empty() ? "" : user + "@") + name +
           (port == 22 ? "" : ":" + std::to_string(port));
}

std::string SshUrl::text() const { return origin() + encoded(path); }

bool SshUrl::lies_in(const SshUrl& folder) const {
    return (user.empty() || user == folder.user) && host == folder.host && port == folder.port &&
           path.size() > folder.path.size() + 1 && path.starts_with(folder.path) &&
           path[folder.path.size()] == '/';
}

std::optional<SshUrl> parse_ssh_url(std::string_view text) {
    if (text.size() > kLongest) return std::nullopt;
    if (!text.starts_with(kScheme))
        return text.find("://") == std::string_view::npos ? from_short_form(text) : std::nullopt;
    text.remove_prefix(kScheme.size());
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto path = decoded(text.substr(slash));
    return path ? assembled(text.substr(0, slash), *path) : std::nullopt;
}

}  // namespace heddle
