// SPDX-License-Identifier: Apache-2.0
#include "app/config/url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace heddle {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

int own_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

bool is_ipv6(const std::string& text) {
    in6_addr address{};
    // inet_pton() reads no further than a NUL.
    return text.find('\0') == std::string::npos && ::inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

// A name or an IPv4 address.
bool is_host_name(std::string_view text) {
    if (text.empty() || text.size() > 253 || text.front() == '-' || text.front() == '.') return false;
    return std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return (c < 0x80 && std::isalnum(c)) || c == '.' || c == '-' || c == '_';
    });
}

bool is_path(std::string_view text) {
    static constexpr std::string_view kMarks = "-._~!$&'()*+,;=:@/%";
    return std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return (c < 0x80 && std::isalnum(c)) || kMarks.find(static_cast<char>(c)) != std::string_view::npos;
    });
}

std::optional<int> port_from(std::string_view text) {
    int port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return port >= 0 && port <= 65535 ? std::optional(port) : std::nullopt;
}

struct Authority {
    std::string host;  // an IPv6 address in brackets
    std::optional<int> port;
};

std::optional<Authority> authority_from(std::string_view text) {
    Authority found;
    std::string_view rest;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos || !is_ipv6(std::string(text.substr(1, end - 1))))
            return std::nullopt;
        found.host = lower(text.substr(0, end + 1));
        rest = text.substr(end + 1);
    } else {
        const std::size_t end = std::min(text.find(':'), text.size());
        if (!is_host_name(text.substr(0, end))) return std::nullopt;
        found.host = lower(text.substr(0, end));
        rest = text.substr(end);
    }
    if (rest.empty()) return found;
    found.port = rest.front() == ':' ? port_from(rest.substr(1)) : std::nullopt;
    return found.port ? std::optional(found) : std::nullopt;
}

}  // namespace

std::string WebUrl::origin() const {
    return scheme + "://" + host + (port == own_port(scheme) ? "" : ":" + std::to_string(port));
}

std::string WebUrl::text() const { return origin() + path; }

std::optional<WebUrl> parse_web_url(std::string_view text) {
    WebUrl url;
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    url.scheme = lower(text.substr(0, colon));
    if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
    text.remove_prefix(colon + 3);
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto authority = authority_from(text.substr(0, slash));
    if (!authority || authority->port == 0 || !is_path(text.substr(slash))) return std::nullopt;
    url.host = authority->host;
    url.port = authority->port.value_or(own_port(url.scheme));
    url.path = text.substr(slash);
    while (url.path.ends_with('/')) url.path.pop_back();
    return url;
}

std::optional<HostAndPort> parse_host_and_port(std::string_view text) {
    const auto authority = authority_from(text);
    if (!authority || !authority->port) return std::nullopt;
    const std::string& host = authority->host;
    return HostAndPort{host.starts_with('[') ? host.substr(1, host.size() - 2) : host, *authority->port};
}

}  // namespace heddle
