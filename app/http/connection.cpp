// SPDX-License-Identifier: Apache-2.0
#include "app/http/connection.hpp"

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <utility>

#include "app/http/answer_bytes.hpp"
#include "app/http/request_target.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr std::size_t kMostLingering = 4 << 20;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::string joined(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
    return all;
}

ServerResponse plain(int status, const std::string& sentence) {
    ServerResponse response;
    response.status = status;
    response.body = sentence + "\n";
    return response;
}

/// For a request that no route answers; `allowed`: the methods that its path knows.
ServerResponse without_route(const ServerRequest& request, std::vector<std::string> allowed) {
    if (request.path == "*" && request.method == "OPTIONS") return plain(204, "");
    if (allowed.empty()) return plain(404, "There is nothing here.");
    allowed.emplace_back("OPTIONS");
    ServerResponse response =
        request.method == "OPTIONS" ? plain(204, "") : plain(405, "This address does not know the method.");
    response.headers.emplace_back("Allow", joined(allowed));
    return response;
}

bool has_bare_line_end(std::string_view text, std::size_t from) {
    for (auto at = text.find('\n', from); at != std::string_view::npos; at = text.find('\n', at + 1))
        if (at == 0 || text[at - 1] != '\r') return true;
    return false;
}

}  // namespace

Connection::Connection(Socket socket, std::string address, Service& service)
    : socket_(std::move(socket)), address_(std::move(address)), service_(service), stream_(socket_.get()) {
    service_.enter();
    wait_until(Stage::Idle, service_.options.head_deadline, service_.options.most_head);
}

Connection::~Connection() { service_.leave(); }

Connection::Next Connection::advance() {
    switch (stage_) {
        case Stage::Idle:
        case Stage::Head: return read_head();
        case Stage::Body: return read_body();
        case Stage::Answer: return send_rest();
        case Stage::Linger: break;
    }
    return linger();
}

Connection::Next Connection::read_head() {
    while (stream_.take_line(head_, "\r\n\r\n")) {
        // An empty line in front of a request is a leftover of a careless client (RFC 9112, section 2.2).
        while (head_.starts_with("\r\n")) head_.erase(0, 2);
        seen_ = 0;
        if (!head_.empty()) return begin_request();
    }
    return head_failed();
}

/// The head is not complete.
Connection::Next Connection::head_failed() {
    if (has_bare_line_end(head_, std::exchange(seen_, head_.size())))
        return refuse({400, "A line does not end with CR LF."});
    switch (stream_.state()) {
        case GuardedStream::State::NotYet: break;
        case GuardedStream::State::TooMuch:
            if (head_.find("\r\n") == std::string::npos) return refuse({414, "The URL is too long."});
            return refuse({431, "The headers are too large."});
        case GuardedStream::State::TooLate:
            return head_.empty() ? Next::Close : refuse({408, "The headers did not arrive in time."});
        case GuardedStream::State::Good:
        case GuardedStream::State::Ended:
        case GuardedStream::State::Failed: return Next::Close;
    }
    if (stage_ == Stage::Idle && !head_.empty()) {
        stage_ = Stage::Head;
        deadline_ = GuardedStream::Clock::now() + service_.options.head_deadline;
        stream_.set_deadline(deadline_);
    }
    stream_.shrink();
    return Next::Read;
}

Connection::Next Connection::begin_request() {
    const auto parsed = parse_head(head_);
    if (const auto* refusal = std::get_if<Refusal>(&parsed)) return refuse(*refusal);
    const RequestHead& head = std::get<RequestHead>(parsed);
    auto target = parse_target(head.target);
    if (!target) return refuse({400, "The URL is malformed."});
    request_ = {head.method,
                std::move(target->path),
                std::move(target->segments),
                std::move(target->query),
                head.headers,
                {},
                address_,
                {}};
    std::vector<std::string> allowed;
    route_ = service_.routes.find(request_, allowed);
    const auto framed = framing_of(head);
    if (const auto* refusal = std::get_if<Refusal>(&framed)) return refuse(*refusal);
    const Framing& framing = std::get<Framing>(framed);
    unread_ = framing.has_body();
    keep_alive_ = framing.keep_alive;
    if (!route_) return send(without_route(request_, std::move(allowed)));
    return begin_body(framing);
}

Connection::Next Connection::begin_body(const Framing& framing) {
    body_.emplace(framing, route_->most_body, service_.bodies);
    if (framing.length > route_->most_body) return refuse(body_->too_large());
    if (route_->before_body) {
        auto answer = call([&] { return route_->before_body(request_); });
        if (answer) return send(std::move(*answer));
    }
    if (framing.awaits_continue && unread_ && !stream_.holds_bytes() &&
        stream_.give(kContinue) != kContinue.size())
        return Next::Close;
    wait_until(Stage::Body, service_.options.body_deadline, body_->raw_limit());
    return read_body();
}

Connection::Next Connection::read_body() {
    switch (body_->read(stream_)) {
        case BodyReader::Progress::NotYet: stream_.shrink(); return Next::Read;
        case BodyReader::Progress::Refused: return refuse(body_->refusal());
        case BodyReader::Progress::Gone: return Next::Close;
        case BodyReader::Progress::Done: break;
    }
    unread_ = false;
    request_.body = body_->take_body();
    return send(*call([&] { return std::optional(route_->answer(request_)); }));
}

/// What an exception of a handler says is for the log only: it may name what is nobody's business.
std::optional<ServerResponse> Connection::call(const Handler& handler) {
    try {
        return handler();
    } catch (const std::exception& error) {
        spdlog::error("{} {}: {}", request_.method, one_line(request_.path), one_line(error.what()));
        if (service_.options.refusal_of)
            if (const auto refusal = service_.options.refusal_of(error)) return worded(*refusal);
    }
    return worded({500, "Something went wrong here; the cause stands in the log."});
}

ServerResponse Connection::worded(const Refusal& refusal) const {
    if (route_ && route_->refusal) return route_->refusal(request_, refusal.status, refusal.sentence);
    return plain(refusal.status, refusal.sentence);
}

/// The rest of the request is not read, so nothing after it can be.
Connection::Next Connection::refuse(const Refusal& refusal) {
    unread_ = true;
    return send(worded(refusal));
}

Connection::Next Connection::send(ServerResponse response) {
    keep_alive_ = keep_alive_ && !unread_ && !service_.stopping;
    try {
        out_ = answer_head(response, keep_alive_);
    } catch (const std::logic_error& error) {
        spdlog::error("{} {}: {}", request_.method, one_line(request_.path), one_line(error.what()));
        response = plain(500, "Something went wrong here; the cause stands in the log.");
        out_ = answer_head(response, keep_alive_);
    }
    const bool without_body = request_.method == "HEAD" || is_bodiless(response.status);
    out_body_ = without_body ? std::string() : std::move(response.body);
    sent_ = 0;
    request_ = {};
    body_.reset();
    wait_until(Stage::Answer, service_.options.answer_deadline, 0);
    return send_rest();
}

Connection::Next Connection::send_rest() {
    for (;;) {
        const bool in_head = sent_ < out_.size();
        const std::string_view rest = in_head ? std::string_view(out_).substr(sent_)
                                              : std::string_view(out_body_).substr(sent_ - out_.size());
        const std::size_t given = stream_.give(rest, in_head && !out_body_.empty());
        sent_ += given;
        if (sent_ == out_.size() + out_body_.size()) return answered();
        if (GuardedStream::Clock::now() >= deadline_) return Next::Close;
        if (given == 0) return stream_.state() == GuardedStream::State::NotYet ? Next::Write : Next::Close;
    }
}

Connection::Next Connection::answered() {
    std::string().swap(out_);
    std::string().swap(out_body_);
    std::string().swap(head_);
    seen_ = 0;
    route_ = nullptr;
    if (keep_alive_) {
        wait_until(Stage::Idle, service_.options.idle_deadline, service_.options.most_head);
        if (stream_.holds_bytes()) return Next::Again;
        stream_.shrink();
        return Next::Read;
    }
    if (!unread_ && !stream_.readable()) return Next::Close;
    // Closing on a client that still sends would make the system throw away our answer before it is seen.
    ::shutdown(socket_.get(), SHUT_WR);
    wait_until(Stage::Linger, service_.options.linger_deadline, kMostLingering);
    return linger();
}

Connection::Next Connection::linger() {
    char sink[16 * 1024];
    while (stream_.take(sink, sizeof sink) > 0) continue;
    return stream_.state() == GuardedStream::State::NotYet ? Next::Read : Next::Close;
}

void Connection::wait_until(Stage stage, std::chrono::milliseconds time, std::size_t bytes) {
    stage_ = stage;
    deadline_ = GuardedStream::Clock::now() + time;
    stream_.expect(bytes, deadline_);
}

}  // namespace heddle
