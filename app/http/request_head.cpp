// SPDX-License-Identifier: Apache-2.0
#include "app/http/request_head.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "app/http/header_text.hpp"

namespace heddle {
namespace {

constexpr std::size_t kMostHeaders = 256;
constexpr std::size_t kMostTarget = 8 * 1024;

/// Takes one line without its end off `rest`; the caller has seen that there is one.
std::string_view next_line(std::string_view& rest) {
    const auto end = std::min(rest.find("\r\n"), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 2, rest.size()));
    return line;
}

std::optional<Refusal> read_first_line(std::string_view line, RequestHead& head) {
    const auto parts = split(line, ' ');
    if (parts.size() != 3 || !is_token(parts[0]) || parts[1].empty() || !parts[2].starts_with("HTTP/"))
        return Refusal{400, "The first line is not that of an HTTP request."};
    if (parts[2] != "HTTP/1.1" && parts[2] != "HTTP/1.0")
        return Refusal{505, "Only HTTP/1.1 is spoken here."};
    if (parts[1].size() > kMostTarget) return Refusal{414, "The URL is longer than 8 KiB."};
    head.method = parts[0];
    head.target = parts[1];
    head.old = parts[2] == "HTTP/1.0";
    return std::nullopt;
}

std::optional<Refusal> read_header(std::string_view line, RequestHead& head) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
        return Refusal{400, "A header line has no valid name."};
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (!is_header_value(value)) return Refusal{400, "A header has control characters in its value."};
    if (head.headers.size() == kMostHeaders) return Refusal{431, "There are more than 256 headers."};
    head.headers.emplace_back(line.substr(0, colon), value);
    return std::nullopt;
}

/// The number of bytes; nullopt: no number.
std::optional<std::size_t> read_length(const std::string& text) {
    std::size_t length = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, length);
    if (text.empty() || stop != end) return std::nullopt;
    // A number of any size is a number: too much for every route.
    return error == std::errc::result_out_of_range ? std::numeric_limits<std::size_t>::max() : length;
}

std::optional<Refusal> read_body_headers(const RequestHead& head, Framing& framing) {
    const auto lengths = head.all("Content-Length");
    const auto codings = head.all("Transfer-Encoding");
    if (lengths.size() > 1) return Refusal{400, "There are two Content-Length headers."};
    if (!lengths.empty() && !codings.empty())
        return Refusal{400, "There are both Content-Length and Transfer-Encoding."};
    if (codings.size() > 1) return Refusal{400, "There are two Transfer-Encoding headers."};
    if (!codings.empty()) {
        if (head.old) return Refusal{400, "HTTP/1.0 knows no Transfer-Encoding."};
        if (!same_word(codings[0], "chunked"))
            return Refusal{501, "The only Transfer-Encoding that is understood is chunked."};
        framing.chunked = true;
    }
    if (!lengths.empty()) {
        const auto length = read_length(lengths[0]);
        if (!length) return Refusal{400, "Content-Length is not a number of bytes."};
        framing.length = *length;
    }
    const bool wants_body = head.method == "POST" || head.method == "PUT" || head.method == "PATCH";
    if (wants_body && lengths.empty() && codings.empty())
        return Refusal{411, head.method + " needs a Content-Length."};
    return std::nullopt;
}

bool is_plain(const std::string& coding) { return coding.empty() || same_word(coding, "identity"); }

}  // namespace

std::vector<std::string> RequestHead::all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : headers)
        if (same_word(key, name)) values.push_back(value);
    return values;
}

std::variant<RequestHead, Refusal> parse_head(std::string_view raw) {
    RequestHead head;
    if (auto refusal = read_first_line(next_line(raw), head)) return *refusal;
    for (std::string_view line = next_line(raw); !line.empty(); line = next_line(raw))
        if (auto refusal = read_header(line, head)) return *refusal;
    const std::size_t hosts = head.all("Host").size();
    if (hosts > 1 || (hosts == 0 && !head.old)) return Refusal{400, "A request has exactly one Host header."};
    return head;
}

std::variant<Framing, Refusal> framing_of(const RequestHead& head) {
    Framing framing;
    if (auto refusal = read_body_headers(head, framing)) return *refusal;
    const auto encodings = head.all("Content-Encoding");
    if (!std::all_of(encodings.begin(), encodings.end(), is_plain))
        return Refusal{415, "A compressed body is not accepted."};
    for (const std::string& expectation : head.all("Expect")) {
        if (!same_word(expectation, "100-continue"))
            return Refusal{417, "The only expectation is 100-continue."};
        framing.awaits_continue = !head.old;
    }
    const auto connection = head.all("Connection");
    framing.keep_alive = !head.old && std::none_of(connection.begin(),
                                                   connection.end(),
                                                   [](const auto& value) { return lists(value, "close"); });
    return framing;
}

}  // namespace heddle
