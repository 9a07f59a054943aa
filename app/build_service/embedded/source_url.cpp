// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/source_url.hpp"

#include <algorithm>
#include <string_view>

namespace heddle {
namespace {

constexpr std::size_t kLongestUrl = 4096;

bool has_scheme(const std::string& url) { return url.find("://") != std::string::npos; }

std::string value_of(const std::string& query, const std::string& key) {
    std::size_t at = 0;
    while (at < query.size()) {
        const std::size_t end = std::min(query.find('&', at), query.size());
        const std::string pair = query.substr(at, end - at);
        if (pair.starts_with(key + "=")) return pair.substr(key.size() + 1);
        at = end + 1;
    }
    return "";
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string comparable(const std::string& url) {
    std::string text = parse_source_url(url).repository;
    while (text.size() > 1 && text.back() == '/') text.pop_back();
    if (text.ends_with(".git") && text.size() > 4) text.resize(text.size() - 4);
    if (text.starts_with("file://")) text = text.substr(7);
    const std::size_t scheme = text.find("://");
    if (scheme == std::string::npos) return text;
    const std::size_t host_end = std::min(text.find('/', scheme + 3), text.size());
    std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(host_end), text.begin(), lower);
    return text;
}

bool climbs(const std::string& path) {
    return path.starts_with("/") || ("/" + path + "/").find("/../") != std::string::npos;
}

}  // namespace

std::string SourceUrl::without_fragment() const {
    return query.empty() ? repository : repository + "?" + query;
}

SourceUrl parse_source_url(const std::string& url) {
    SourceUrl parts;
    const std::size_t hash = url.rfind('#');
    parts.repository = url.substr(0, hash);
    if (hash != std::string::npos) parts.fragment = url.substr(hash + 1);
    if (!has_scheme(parts.repository)) return parts;
    const std::size_t question = parts.repository.find('?');
    if (question == std::string::npos) return parts;
    parts.query = parts.repository.substr(question + 1);
    parts.repository.resize(question);
    parts.subdir = value_of(parts.query, "subdir");
    return parts;
}

std::string why_refused_source(const SourceUrl& url) {
    const std::string whole = url.without_fragment() + "#" + url.fragment;
    if (url.repository.empty()) return "the URL is empty";
    if (whole.size() > kLongestUrl) return "the URL is longer than " + std::to_string(kLongestUrl) + " bytes";
    if (std::any_of(whole.begin(), whole.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }))
        return "the URL contains a control character";
    if (url.repository.front() == '-') return "the URL begins with \"-\"";
    if (!url.fragment.empty() && url.fragment.front() == '-') return "the revision begins with \"-\"";
    if (climbs(url.subdir)) return "its subdir leaves the repository";
    const std::size_t scheme = url.repository.find("://");
    if (url.repository.substr(0, scheme).find("::") != std::string::npos)
        return "the URL names a program to fetch with";
    return "";
}

bool is_local_source(const SourceUrl& url) {
    if (url.repository.starts_with("file://")) return true;
    if (has_scheme(url.repository)) return false;
    // "git@host:path" is ssh; a colon after the first '/' belongs to a path.
    const std::size_t colon = url.repository.find(':');
    return colon == std::string::npos || url.repository.find('/') < colon;
}

bool same_repository(const std::string& a, const std::string& b) { return comparable(a) == comparable(b); }

bool is_full_commit(const std::string& text) {
    return text.size() == 40 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
}

}  // namespace heddle
