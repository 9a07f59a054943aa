// SPDX-License-Identifier: Apache-2.0
// Everything that a client may send to the server on one connection: heads, bodies, chunks, further requests.
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/http/connection.hpp"
#include "app/net/http_answer.hpp"
#include "tests/fuzz/require.hpp"

using namespace heddle;

namespace {

constexpr std::size_t kMostHead = 2048;
constexpr std::size_t kMostBody = 100;
constexpr std::size_t kMostBodies = 4 * kMostBody;

using Requests = std::vector<ServerRequest>;

/// What one client sent led to.
struct Story {
    Requests requests;    // that a handler answered
    std::string answers;  // as the client got them
};

Requests* seen = nullptr;

/// Answers everything, in headers too: what a request carries must not get out of its line there.
ServerResponse answer(const ServerRequest& request) {
    seen->push_back(request);
    ServerResponse response;
    response.headers.emplace_back("X-Path", request.path);
    response.body = "answered\n";
    return response;
}

std::optional<ServerResponse> check_query(ServerRequest& request) {
    if (request.parameter("no")) return ServerResponse{.status = 403};
    return std::nullopt;
}

Routes all_routes() {
    Routes routes;
    for (const char* method : {"GET", "HEAD", "POST", "DELETE"})
        for (const char* path : {"/", "/{a}", "/{a}/{b}"})
            routes.add({.method = method,
                        .path = path,
                        .answer = answer,
                        .most_body = kMostBody,
                        .before_body = check_query});
    return routes;
}

std::pair<Socket, Socket> socket_pair() {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    return {Socket(ends[0]), Socket(ends[1])};
}

void drain(const Socket& client, std::string& answers) {
    char bytes[8192];
    for (ssize_t got; (got = ::recv(client.get(), bytes, sizeof bytes, 0)) > 0;)
        answers.append(bytes, static_cast<std::size_t>(got));
}

/// Until it waits for more bytes. False: it is over.
bool run(Connection& connection, const Socket& client, std::string& answers) {
    for (;;) {
        const auto next = connection.advance();
        drain(client, answers);
        if (next == Connection::Next::Close) return false;
        if (next == Connection::Next::Read) return true;
    }
}

/// Sends the bytes in pieces, then ends.
Story serve(std::string_view bytes, std::size_t piece) {
    static const HttpServerOptions options{.most_bodies = kMostBodies, .most_head = kMostHead};
    static const Routes routes = all_routes();
    Story story;
    seen = &story.requests;
    Service service(options, routes);
    {
        auto [ours, client] = socket_pair();
        Connection connection(std::move(ours), "192.0.2.1", service);
        bool open = true;
        while (open && !bytes.empty()) {
            const std::string_view now = bytes.substr(0, piece);
            REQUIRE(::send(client.get(), now.data(), now.size(), MSG_NOSIGNAL) ==
                    static_cast<ssize_t>(now.size()));
            bytes.remove_prefix(now.size());
            open = run(connection, client, story.answers);
        }
        ::shutdown(client.get(), SHUT_WR);
        REQUIRE(!open || !run(connection, client, story.answers));
    }
    REQUIRE(service.connections() == 0);
    BodyBudget::Share all(service.bodies);
    REQUIRE(all.raise_to(kMostBodies));
    return story;
}

bool is_clean(const std::string& value) {
    return std::none_of(
        value.begin(), value.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; });
}

void check_request(const ServerRequest& request) {
    REQUIRE(request.body.size() <= kMostBody);
    REQUIRE(request.headers.size() <= 256);
    std::size_t bytes = 0;
    for (const auto& [name, value] : request.headers) {
        REQUIRE(!name.empty() && is_clean(name) && name.find_first_of(" \t:") == std::string::npos);
        REQUIRE(is_clean(value) && !value.starts_with(' ') && !value.ends_with(' '));
        bytes += name.size() + value.size();
    }
    REQUIRE(bytes <= kMostHead);
    REQUIRE(request.path.starts_with('/') && request.path.find('\0') == std::string::npos);
    REQUIRE(request.segments.size() <= 2 && !request.parameter("no"));
}

/// The text up to `end`, which is taken off with it. Nothing: it isn't there.
std::optional<std::string_view> take(std::string_view& rest, std::string_view end) {
    const std::size_t at = rest.find(end);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view taken = rest.substr(0, at);
    rest.remove_prefix(at + end.size());
    return taken;
}

std::string take_chunks(std::string_view& rest) {
    std::string body;
    for (;;) {
        const auto line = take(rest, "\r\n");
        REQUIRE(line);
        const std::size_t size = std::stoul(std::string(*line), nullptr, 16);
        if (size == 0) break;
        REQUIRE(rest.size() >= size + 2 && rest.substr(size, 2) == "\r\n");
        body += rest.substr(0, size);
        rest.remove_prefix(size + 2);
    }
    for (;;) {
        const auto trailer = take(rest, "\r\n");
        REQUIRE(trailer);
        if (trailer->empty()) return body;
    }
}

/// Does the head's text say what the request's parts say?
bool is_head_of(const ServerRequest& request, std::string_view head) {
    std::string_view rest = head;
    std::string_view line = take(rest, "\r\n").value_or(head);
    if (!line.starts_with(request.method + " ")) return false;
    for (const auto& [name, value] : request.headers) {
        line = take(rest, "\r\n").value_or(rest);
        if (!line.starts_with(name + ":") || line.find(value, name.size() + 1) == std::string_view::npos)
            return false;
    }
    return true;
}

/// Each answered request stands in what was sent at its place: nobody got a request out of another one's
/// body.
void check_places(std::string_view sent, const Requests& requests) {
    auto next = requests.begin();
    while (next != requests.end()) {
        while (sent.starts_with("\r\n")) sent.remove_prefix(2);
        const auto head = take(sent, "\r\n\r\n");
        REQUIRE(head);
        // One that was answered without a handler had no body, or was the last of its connection.
        if (!is_head_of(*next, *head)) continue;
        const std::string length = next->header("Content-Length");
        std::string body;
        if (!next->header("Transfer-Encoding").empty()) {
            REQUIRE(length.empty());
            body = take_chunks(sent);
        } else if (!length.empty()) {
            REQUIRE(length.find_first_not_of("0123456789") == std::string::npos);
            body = sent.substr(0, std::stoul(length));
            sent.remove_prefix(body.size());
        }
        REQUIRE(next->body == body);
        ++next;
    }
}

void check_answer(const HttpResponse& answer) {
    static const std::set<int> kStatuses{
        100, 200, 204, 400, 403, 404, 405, 411, 413, 414, 415, 417, 431, 500, 501, 505};
    static const std::set<std::string> kNames{
        "Date", "Content-Type", "Content-Length", "Connection", "Allow", "X-Path"};
    REQUIRE(kStatuses.contains(answer.status));
    for (const auto& [name, value] : answer.headers) REQUIRE(kNames.contains(name) && is_clean(value));
}

/// As many answers as handlers gave, whole, and none behind one that closes the connection.
void check_answers(const Story& story) {
    std::string_view rest = story.answers;
    std::size_t finals = 0;
    for (bool goes_on = true; !rest.empty();) {
        REQUIRE(goes_on);
        const auto head = take(rest, "\r\n\r\n");
        REQUIRE(head);
        const auto answer = parse_answer_head(std::string(*head) + "\r\n\r\n");
        REQUIRE(answer);
        check_answer(*answer);
        if (answer->status == 100) continue;
        ++finals;
        goes_on = header_of(*answer, "Connection") != "close";
        // None of our sentences that leaves a connection open names the protocol.
        const std::size_t body = goes_on ? std::min(rest.find("HTTP/1.1 "), rest.size()) : rest.size();
        REQUIRE(body == 0 || std::to_string(body) == header_of(*answer, "Content-Length"));
        rest.remove_prefix(body);
    }
    REQUIRE(finals >= story.requests.size());
}

bool same(const ServerRequest& one, const ServerRequest& other) {
    return one.method == other.method && one.path == other.path && one.query == other.query &&
           one.headers == other.headers && one.body == other.body;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    spdlog::set_level(spdlog::level::off);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view sent(reinterpret_cast<const char*>(data), size);
    const Story at_once = serve(sent, std::max<std::size_t>(size, 1));
    for (const ServerRequest& request : at_once.requests) check_request(request);
    check_places(sent, at_once.requests);
    check_answers(at_once);
    // However the bytes come, they mean the same.
    const Story in_pieces = serve(sent, 1 + size % 7);
    REQUIRE(std::equal(at_once.requests.begin(),
                       at_once.requests.end(),
                       in_pieces.requests.begin(),
                       in_pieces.requests.end(),
                       same));
    return 0;
}
