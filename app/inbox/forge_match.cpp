// SPDX-License-Identifier: Apache-2.0
#include "app/inbox/forge_match.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>

#include "app/config/ssh_url.hpp"

namespace heddle {
namespace {

struct Address {
    std::string origin;     // scheme://host:port in lower case; empty: a plain path
    std::string_view path;  // without a "/" at the end
};

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

std::string_view default_port(std::string_view scheme) {
    if (scheme == "https") return "443";
    if (scheme == "http") return "80";
    return "";
}

bool is_plain(std::string_view text) {
    return std::all_of(
        text.begin(), text.end(), [](unsigned char c) { return c > ' ' && c < 0x7F && c != '\\'; });
}

/// "." and ".." are what they are also when percent-encoded (WHATWG URL, "double-dot URL path segment").
bool climbs(std::string_view path) {
    const std::string text = lower(path);
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::string_view three = std::string_view(text).substr(at, 3);
        if (three == "%2e" || three == "%2f") {
            decoded += three == "%2e" ? '.' : '/';
            at += 2;
        } else {
            decoded += text[at];
        }
    }
    return (decoded + "/").find("/../") != std::string::npos;
}

std::optional<Address> parse(std::string_view url) {
    if (!is_plain(url)) return std::nullopt;
    Address address;
    std::string_view path = url;
    if (const auto mark = url.find("://"); mark != std::string_view::npos) {
        const std::string scheme = lower(url.substr(0, mark));
        const std::string_view rest = url.substr(mark + 3);
        const auto slash = std::min(rest.find_first_of("/?#"), rest.size());
        std::string authority = lower(rest.substr(0, slash));
        if (authority.find('@') != std::string::npos) return std::nullopt;
        const auto colon = authority.rfind(':');
        if (colon == std::string::npos || authority.find(']', colon) != std::string::npos)
            authority += ":" + std::string(default_port(scheme));
        address.origin = scheme + "://" + authority;
        path = rest.substr(slash);
    } else if (!url.starts_with('/')) {
        return std::nullopt;
    }
    path = path.substr(0, path.find_first_of("?#"));
    while (path.ends_with('/')) path.remove_suffix(1);
    if (climbs(path)) return std::nullopt;
    address.path = path;
    return address;
}

}  // namespace

bool lies_below(std::string_view url, std::string_view base) {
    if (const auto folder = parse_ssh_url(base)) {
        const auto place = parse_ssh_url(url);
        return place && place->lies_in(*folder);
    }
    const auto address = parse(url), origin = parse(base);
    if (!address || !origin || address->origin != origin->origin) return false;
    const std::string_view path = address->path;
    return path.starts_with(origin->path) &&
           (path.size() == origin->path.size() || path[origin->path.size()] == '/');
}

}  // namespace heddle
