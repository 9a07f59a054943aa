// SPDX-License-Identifier: Apache-2.0
#include "app/http/request_target.hpp"

#include <simdjson.h>

#include <algorithm>

#include "app/http/header_text.hpp"

namespace heddle {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> decoded(std::string_view text, bool plus_is_space) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            out += ' ';
        } else if (text[i] == '%') {
            const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
            if (low < 0) return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += text[i];
        }
    }
    const bool sound = out.find('\0') == std::string::npos && simdjson::validate_utf8(out);
    return sound ? std::optional(out) : std::nullopt;
}

/// Without "http://host" in front; nullopt: it is neither a path nor a URL.
std::optional<std::string_view> without_authority(std::string_view target) {
    if (target.starts_with('/')) return target;
    const auto colon = target.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    const auto scheme = target.substr(0, colon);
    if (!same_word(scheme, "http") && !same_word(scheme, "https")) return std::nullopt;
    target.remove_prefix(colon + 3);
    const auto end = target.find_first_of("/?");
    return end == std::string_view::npos ? "/" : target.substr(end);
}

bool read_path(std::string_view path, RequestTarget& target) {
    if (path.starts_with('/')) path.remove_prefix(1);
    if (path.empty()) {
        target.path = "/";
        return true;
    }
    for (const std::string_view raw : split(path, '/')) {
        const auto segment = decoded(raw, false);
        if (!segment) return false;
        target.path += "/" + *segment;
        target.segments.push_back(*segment);
    }
    return true;
}

bool read_query(std::string_view query, RequestTarget& target) {
    for (const std::string_view raw : split(query, '&')) {
        if (raw.empty()) continue;
        const auto equals = std::min(raw.find('='), raw.size());
        const auto name = decoded(raw.substr(0, equals), true);
        const auto value = decoded(raw.substr(std::min(equals + 1, raw.size())), true);
        if (!name || !value) return false;
        target.query.emplace_back(*name, *value);
    }
    return true;
}

}  // namespace

std::optional<RequestTarget> parse_target(std::string_view target) {
    const auto printable = [](char c) { return c > 0x20 && c < 0x7f && c != '#'; };
    if (!std::all_of(target.begin(), target.end(), printable)) return std::nullopt;
    RequestTarget out;
    if (target == "*") {
        out.path = "*";
        return out;
    }
    const auto rest = without_authority(target);
    if (!rest) return std::nullopt;
    const auto question = std::min(rest->find('?'), rest->size());
    if (!read_path(rest->substr(0, question), out)) return std::nullopt;
    if (!read_query(rest->substr(std::min(question + 1, rest->size())), out)) return std::nullopt;
    return out;
}

}  // namespace heddle
