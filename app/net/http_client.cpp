// SPDX-License-Identifier: Apache-2.0
// Not cpp-httplib's client: its handshake has a limit per read only, it decodes percent signs in headers, and
// its answers have no limit. One connection serves one request: a request that may not be repeated is then
// never sent into a connection that the far side has just closed.
#include "app/net/http_client.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "app/net/address_guard.hpp"
#include "app/net/http_answer.hpp"
#include "app/net/http_connection.hpp"
#include "app/net/url.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kMostRedirects = 3;

[[noreturn]] void give_up(const std::string& doing, const std::string& why) {
    throw RemoteError(RemoteError::Kind::GiveUp, doing, why);
}

/// The place that is asked; nothing that a URL's path or query could give away.
std::string asking(const Url& url) { return "ask " + url.scheme + "://" + url.authority(); }

Url url_of(const ForgeAccess& access, const HttpRequest& request) {
    const auto url = parse_url(request.url);
    if (!url) give_up("ask a forge", "the URL is no plain http or https URL");
    const auto home = parse_url(access.api_url);
    if (!home || !same_origin(*url, *home))
        give_up(asking(*url),
                "it is not the origin of the forge" +
                    (access.name.empty() ? std::string() : " " + quoted(access.name)) +
                    (home ? ", " + home->origin() : ", which has no http or https URL"));
    return *url;
}

bool breaks_the_line(const std::string& text) {
    return std::any_of(
        text.begin(), text.end(), [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7f; });
}

/// Ours are added, so a caller's would stand twice, or contradict them.
bool is_ours(const std::string& name) {
    for (const std::string_view ours :
         {"host", "connection", "content-length", "transfer-encoding", "accept-encoding"})
        if (std::equal(name.begin(), name.end(), ours.begin(), ours.end(), [](char a, char b) {
                return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
            }))
            return true;
    return false;
}

std::string head_of(const Url& url, const HttpRequest& request, const std::string& doing) {
    const bool plain_method =
        !request.method.empty() && std::all_of(request.method.begin(), request.method.end(), [](char c) {
            return c >= 'A' && c <= 'Z';
        });
    if (!plain_method) give_up(doing, "the method is none of HTTP's");
    std::string head = request.method + " " + url.target + " HTTP/1.1\r\nHost: " + url.authority() +
                       "\r\nUser-Agent: heddle\r\nAccept-Encoding: identity\r\nConnection: close\r\n";
    for (const auto& [name, value] : request.headers) {
        // The value may be a credential and is never told.
        if (name.empty() || is_ours(name) || breaks_the_line(name) ||
            name.find_first_of(": \t") != std::string::npos)
            give_up(doing, "the header " + quoted(name) + " can't be sent");
        if (breaks_the_line(value))
            give_up(doing, "the value of the header " + name + " contains a control character");
        head += name + ": " + value + "\r\n";
    }
    if (!request.body.empty() || request.method != "GET")
        head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    return head + "\r\n";
}

/// May a request be made again at another place, as it is (RFC 9110, section 15.4)?
bool is_repeatable(const HttpRequest& request, int status) {
    if (status == 307 || status == 308) return true;
    return request.method == "GET" && (status == 301 || status == 302 || status == 303);
}

/// Where an answer sends the request to, as an absolute URL. nullopt: nowhere, or to another origin. Paths
/// that are relative to the old one no forge sends.
std::optional<std::string> next_place(const HttpRequest& request, const HttpResponse& answer) {
    const auto base = parse_url(request.url);
    std::string place = header_of(answer, "Location");  // absolute, "//host/path", or "/path"
    if (!base || !is_repeatable(request, answer.status)) return std::nullopt;
    if (place.starts_with('/'))
        place.insert(0, place.starts_with("//") ? base->scheme + ":" : base->origin());
    const auto url = parse_url(place);
    return url && same_origin(*base, *url) ? std::optional(place) : std::nullopt;
}

}  // namespace

struct HttpClient::Parts {
    HttpClientOptions options;
    TlsClientContext tls;
};

HttpClient::HttpClient(HttpClientOptions options)
    : parts_(std::make_unique<Parts>(Parts{options, make_tls_client(options.ca_file)})) {}

HttpClient::~HttpClient() = default;

HttpResponse HttpClient::send(const ForgeAccess& access, const HttpRequest& request) {
    const auto until = Clock::now() + parts_->options.deadline;
    HttpRequest next = request;
    for (int redirects = 0;; ++redirects) {
        HttpResponse answer = receive(access, next, until, parts_->options.most_bytes, {});
        const auto place = redirects < kMostRedirects ? next_place(next, answer) : std::nullopt;
        if (!place) return answer;
        next.url = *place;
    }
}

HttpResponse HttpClient::receive(const ForgeAccess& access,
                                 const HttpRequest& request,
                                 Clock::time_point until,
                                 std::size_t most_bytes,
                                 const std::function<void(std::string_view piece)>& take) {
    const Url url = url_of(access, request);
    const std::string doing = asking(url);
    const std::string head = head_of(url, request, doing);
    // Resolved once; only what was checked is connected to.
    const auto addresses =
        resolve_checked(url.host, url.port, access.private_network, parts_->options.resolve, until, doing);
    HttpConnection connection(addresses, url, parts_->tls.get(), until, doing);
    GuardedStream& stream = connection.stream();
    stream.expect(0, until);
    try {
        // An answer may come before the request is read whole (413), and is then the better reason.
        const bool sent = stream.write(head) && stream.write(request.body);
        if (!sent && stream.state() == GuardedStream::State::TooLate)
            throw RemoteError(
                RemoteError::Kind::Retry, doing, "the request was not taken within the time allowed");
        return read_answer(stream, request.method, most_bytes, take, doing);
    } catch (RemoteError& error) {
        error.may_be_done = true;
        throw;
    }
}

}  // namespace heddle
