// SPDX-License-Identifier: Apache-2.0
#include "app/net/url.hpp"

#include <algorithm>

#include "app/config/url.hpp"

namespace heddle {
namespace {

constexpr std::size_t kLongestUrl = 8192;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_unreserved(char c) {
    return is_letter(c) || is_digit(c) || std::string_view("-._~").find(c) != std::string_view::npos;
}

/// Only what RFC 3986 lets stand in a path and query.
bool is_target(std::string_view text) {
    constexpr std::string_view allowed = "-._~!$&'()*+,;=:@/?%";
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return is_letter(c) || is_digit(c) || allowed.find(c) != std::string_view::npos;
    });
}

}  // namespace

std::string Url::origin() const { return scheme + "://" + authority(); }

std::string Url::authority() const {
    const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return port == (scheme == "https" ? 443 : 80) ? name : name + ":" + std::to_string(port);
}

std::optional<Url> parse_url(std::string_view text) {
    if (text.size() > kLongestUrl) return std::nullopt;
    const std::size_t scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos) return std::nullopt;
    const std::size_t end = std::min(text.find_first_of("/?", scheme_end + 3), text.size());
    const std::string_view target = text.substr(end);
    const auto place = parse_web_url(text.substr(0, end));
    if (!place || !is_target(target)) return std::nullopt;
    Url url{place->scheme, place->host, place->port, std::string(target)};
    if (url.host.starts_with('[')) url.host = url.host.substr(1, url.host.size() - 2);
    if (!target.starts_with('/')) url.target.insert(0, 1, '/');
    return url;
}

bool same_origin(const Url& a, const Url& b) {
    return a.scheme == b.scheme && a.host == b.host && a.port == b.port;
}

std::string url_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        if (is_unreserved(c)) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return encoded;
}

std::optional<std::string> encoded_path(std::string_view path) {
    std::string encoded;
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string_view segment = path.substr(begin, end - begin);
        if (segment.empty() || segment == "." || segment == "..") return std::nullopt;
        encoded += (begin == 0 ? "" : "/") + url_encoded(segment);
        begin = end + 1;
    }
    return encoded;
}

}  // namespace heddle
