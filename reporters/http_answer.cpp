// SPDX-License-Identifier: Apache-2.0
#include "reporters/http_answer.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "reporters/forge_text.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;
using std::chrono::seconds;
using Kind = RemoteError::Kind;

constexpr std::size_t kLongestMessage = 300;  // characters
constexpr std::size_t kLongestBody = 64 << 10;
// Where a forge names no time: a minute is what vendors ask for then.
constexpr seconds kShortestPause{60};
// Nobody means more; it also keeps sums of a stranger's numbers from overflowing.
constexpr seconds kLongestPause{7 * 24 * 3600};

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// Seconds since 1970 of "Fri, 27 Nov 2026 15:53:57 GMT" (RFC 9110, section 5.6.7).
std::optional<std::int64_t> http_date_in(const std::string& text) {
    std::tm parts{};
    const char* end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (!end || *end != '\0') return std::nullopt;
    return static_cast<std::int64_t>(::timegm(&parts));
}

/// By the forge's own clock where it tells it: ours may be wrong.
std::int64_t now_at(const HttpResponse& response) {
    return http_date_in(header_of(response, "Date")).value_or(static_cast<std::int64_t>(std::time(nullptr)));
}

seconds pause_of(std::int64_t count) { return std::clamp(seconds(count), seconds(1), kLongestPause); }

/// The first of the two spellings that forges use.
std::string limit_header(const HttpResponse& response, const std::string& name) {
    const std::string value = header_of(response, "X-RateLimit-" + name);
    return value.empty() ? header_of(response, "RateLimit-" + name) : value;
}

/// The pause that the headers ask for; nullopt: they ask for none.
std::optional<seconds> asked_pause(const HttpResponse& response) {
    const std::string after = header_of(response, "Retry-After");
    if (const auto count = number_in(after)) return pause_of(*count);
    if (const auto date = http_date_in(after)) return pause_of(*date - now_at(response));
    if (limit_header(response, "Remaining") != "0") return std::nullopt;
    const auto reset = number_in(limit_header(response, "Reset"));
    if (!reset || *reset < 0) return kShortestPause;
    return pause_of(*reset - now_at(response));
}

bool tells_of_rate_limit(std::string message) {
    std::transform(message.begin(), message.end(), message.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return message.find("rate limit") != std::string::npos;
}

/// Words of a value of any shape: {"base": ["is too long"]} is "base is too long".
void add_words(const json& value, std::vector<std::string>& words, int depth = 0) {
    if (value.is_string()) words.push_back(value.get<std::string>());
    if (depth == 3) return;
    if (value.is_array())
        for (const json& item : value) add_words(item, words, depth + 1);
    if (value.is_object())
        for (const auto& [key, item] : value.items()) {
            const std::size_t before = words.size();
            add_words(item, words, depth + 1);
            if (words.size() > before) words[before] = key + " " + words[before];
        }
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : "; ") + one_line(word);
    return text;
}

/// Some list {"resource", "field", "code", "message"}: the message says the most.
void add_details(const json& errors, std::vector<std::string>& words) {
    if (!errors.is_array()) return add_words(errors, words);
    for (const json& item : errors) {
        if (item.is_object() && item.contains("message"))
            add_words(item["message"], words);
        else
            add_words(item, words);
    }
}

std::string words_of(const json& body) {
    std::vector<std::string> words;
    if (!body.is_object()) {
        add_words(body, words);
        return joined(words);
    }
    for (const char* key : {"message", "error", "error_description", "title", "detail"})
        if (body.contains(key)) add_words(body[key], words);
    if (body.contains("errors")) add_details(body["errors"], words);
    return joined(words);
}

std::string without(std::string text, const std::string& secret) {
    if (secret.empty()) return text;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at))
        text.replace(at, secret.size(), "***");
    return text;
}

Kind kind_of(const HttpResponse& response, bool limited) {
    if (response.status == 401) return Kind::BadCredentials;
    if (response.status == 403) return limited ? Kind::Retry : Kind::GiveUp;
    const bool later = response.status == 408 || response.status == 429 || response.status >= 500;
    return later ? Kind::Retry : Kind::GiveUp;
}

/// Of any length; see message_of.
std::string whole_message(const HttpResponse& response) {
    const auto first = response.body.find_first_not_of(" \r\n\t");
    const bool is_page = first != std::string::npos && response.body[first] == '<';
    if (is_page || response.body.size() > kLongestBody) return {};  // made for browsers: says little
    const json body = json::parse(response.body, nullptr, false);
    return body.is_discarded() ? one_line(response.body) : words_of(body);
}

/// "https://elsewhere.example": what stands behind it may be a secret.
std::string origin_in(const std::string& location) {
    const auto begin = location.find("://");
    if (begin == std::string::npos) return {};
    std::string place = location.substr(begin + 3, location.find_first_of("/?#", begin + 3) - begin - 3);
    place.erase(0, place.rfind('@') + 1);
    return one_line(location.substr(0, begin + 3) + place);
}

std::string why(const HttpResponse& response, const ForgeAccess& access) {
    std::string text = "the answer is " + std::to_string(response.status);
    const bool redirects = response.status >= 300 && response.status < 400;
    if (redirects) text += ", a redirect, which is not followed";
    const std::string detail =
        redirects ? origin_in(header_of(response, "Location")) : whole_message(response);
    if (!detail.empty()) text += ": " + detail;
    text = cut_to(without(std::move(text), access.credential), kLongestMessage);  // in this order
    const bool is_locked = access.locked_token != 0 && (response.status == 401 || response.status == 403);
    return is_locked ? text + "; " + why_no_credential(access) : text;
}

}  // namespace

std::string message_of(const HttpResponse& response) {
    return cut_to(whole_message(response), kLongestMessage);
}

void require_success(const HttpResponse& response, const ForgeAccess& access, const std::string& doing) {
    if (response.status >= 200 && response.status < 300) return;
    std::optional<seconds> pause = asked_pause(response);
    const bool limited =
        response.status == 429 || (response.status == 403 && tells_of_rate_limit(message_of(response)));
    if (limited && !pause) pause = kShortestPause;
    RemoteError error(kind_of(response, pause.has_value()), doing, why(response, access));
    if (error.kind == Kind::Retry) error.retry_after = pause.value_or(seconds(0));
    // Whoever says 500, 502 or 504 may have done it before; 503 is a refusal (RFC 9110, section 15.6).
    error.may_be_done = response.status >= 500 && response.status != 503;
    throw error;
}

}  // namespace heddle
