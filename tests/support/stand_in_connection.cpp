// SPDX-License-Identifier: Apache-2.0
#include "tests/support/stand_in_connection.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace heddle::test {
namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : static_cast<char>(c);
    });
    return text;
}

bool has_header(const StandInHeaders& headers, const std::string& name) {
    return std::any_of(
        headers.begin(), headers.end(), [&](const auto& header) { return lower(header.first) == name; });
}

std::string head_of(const StandInAnswer& answer) {
    std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " Stand-in\r\n";
    for (const auto& [name, value] : answer.headers) head += name + ": " + value + "\r\n";
    if (answer.chunked)
        head += "Transfer-Encoding: chunked\r\n";
    else if (!has_header(answer.headers, "content-length") && answer.status != 204 && answer.status != 304)
        head += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
    return head + "\r\n";
}

std::string body_of(const StandInAnswer& answer) {
    if (!answer.chunked) return answer.body;
    constexpr std::size_t kChunk = 1000;
    std::string text;
    for (std::size_t at = 0; at < answer.body.size(); at += kChunk) {
        const std::string part = answer.body.substr(at, kChunk);
        char size[16];
        std::snprintf(size, sizeof size, "%zx\r\n", part.size());
        text += size + part + "\r\n";
    }
    return text + "0\r\n\r\n";
}

}  // namespace

StandInConnection::StandInConnection(int client, int stop, SSL_CTX* tls) : client_(client), stop_(stop) {
    fcntl(client_, F_SETFL, fcntl(client_, F_GETFL) | O_NONBLOCK);
    if (!tls) return;
    ssl_.reset(SSL_new(tls));
    SSL_set_fd(ssl_.get(), client_);
    SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

StandInConnection::~StandInConnection() { close(client_); }

StandInConnection::Next StandInConnection::wait(short events, int milliseconds) {
    pollfd both[2] = {{client_, events, 0}, {stop_, POLLIN, 0}};
    while (poll(both, 2, milliseconds) < 0)
        if (errno != EINTR) return Next::Gone;
    return both[1].revents ? Next::Gone : Next::Ready;
}

bool StandInConnection::shake_hands() {
    while (ssl_) {
        const int rc = SSL_accept(ssl_.get());
        if (rc == 1) return true;
        const int why = SSL_get_error(ssl_.get(), rc);
        if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) return false;
        if (wait(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT) == Next::Gone) return false;
    }
    return true;
}

bool StandInConnection::fill() {
    char bytes[16 * 1024];
    for (;;) {
        errno = 0;
        const auto got = ssl_ ? static_cast<ssize_t>(SSL_read(ssl_.get(), bytes, sizeof bytes))
                              : recv(client_, bytes, sizeof bytes, 0);
        if (got > 0) {
            buffer_.append(bytes, static_cast<std::size_t>(got));
            return true;
        }
        const int why = ssl_ ? SSL_get_error(ssl_.get(), static_cast<int>(got)) : 0;
        const bool later = ssl_ ? why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE
                                : got < 0 && (errno == EAGAIN || errno == EINTR);
        if (!later || wait(why == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN) == Next::Gone) return false;
    }
}

bool StandInConnection::write(const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        errno = 0;
        const std::size_t left = bytes.size() - at;
        const auto sent =
            ssl_ ? static_cast<ssize_t>(SSL_write(
                       ssl_.get(), bytes.data() + at, static_cast<int>(std::min<std::size_t>(left, 1 << 20))))
                 : ::send(client_, bytes.data() + at, left, MSG_NOSIGNAL);
        if (sent > 0) {
            at += static_cast<std::size_t>(sent);
            continue;
        }
        const int why = ssl_ ? SSL_get_error(ssl_.get(), static_cast<int>(sent)) : 0;
        const bool later = ssl_ ? why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE
                                : errno == EAGAIN || errno == EINTR;
        if (!later || wait(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT) == Next::Gone) return false;
    }
    return true;
}

bool StandInConnection::drip(const std::string& bytes) {
    constexpr int kPause = 10;  // milliseconds; the pace is what is tested with
    for (const char byte : bytes) {
        if (!write(std::string(1, byte))) return false;
        pollfd stop{stop_, POLLIN, 0};
        if (poll(&stop, 1, kPause) != 0) return false;
    }
    return true;
}

void StandInConnection::wait_until_gone() {
    while (fill()) buffer_.clear();
}

std::optional<std::string> StandInConnection::read_line() {
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n")) == std::string::npos)
        if (!fill()) return std::nullopt;
    std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return line;
}

bool StandInConnection::read_bytes(std::size_t count, std::string& into) {
    while (buffer_.size() < count)
        if (!fill()) return false;
    into += buffer_.substr(0, count);
    buffer_.erase(0, count);
    return true;
}

std::optional<std::string> StandInConnection::read_chunked() {
    std::string body;
    for (;;) {
        const auto size_line = read_line();
        if (!size_line) return std::nullopt;
        const std::size_t size = std::strtoul(size_line->c_str(), nullptr, 16);
        if (!read_bytes(size, body) || !read_line()) return std::nullopt;
        if (size == 0) return body;
    }
}

std::optional<StandInRequest> StandInConnection::read_request() {
    const auto first = read_line();
    if (!first) return std::nullopt;
    StandInRequest request;
    const auto gap = first->find(' ');
    const auto last = first->rfind(' ');
    request.method = first->substr(0, gap);
    if (gap < last) request.target = first->substr(gap + 1, last - gap - 1);
    for (;;) {
        const auto line = read_line();
        if (!line) return std::nullopt;
        if (line->empty()) break;
        const auto colon = std::min(line->find(':'), line->size());
        const auto value = line->find_first_not_of(" \t", std::min(colon + 1, line->size()));
        request.headers.emplace_back(line->substr(0, colon),
                                     value == std::string::npos ? "" : line->substr(value));
    }
    if (lower(request.header("Transfer-Encoding")) == "chunked") {
        auto body = read_chunked();
        if (!body) return std::nullopt;
        request.body = std::move(*body);
    } else if (!read_bytes(std::strtoul(request.header("Content-Length").c_str(), nullptr, 10),
                           request.body)) {
        return std::nullopt;
    }
    return request;
}

bool StandInConnection::send(const StandInAnswer& answer, bool head_only) {
    using Manner = StandInAnswer::Manner;
    if (!answer.raw.empty()) {
        answer.manner == Manner::Drip ? drip(answer.raw) : write(answer.raw);
        return false;
    }
    const std::string head = head_of(answer);
    const std::string body = head_only ? "" : body_of(answer);
    switch (answer.manner) {
        case Manner::Whole: return write(head + body);
        case Manner::Drip: return drip(head + body);
        case Manner::Hang: wait_until_gone(); return false;
        case Manner::HangBody:
            if (write(head)) wait_until_gone();
            return false;
        case Manner::Cut: write(head + body.substr(0, body.size() / 2)); return false;
        case Manner::Vanish: return false;
    }
    return false;
}

std::string StandInRequest::path() const { return target.substr(0, target.find('?')); }

std::string StandInRequest::query() const {
    const auto mark = target.find('?');
    return mark == std::string::npos ? "" : target.substr(mark + 1);
}

std::string StandInRequest::header(const std::string& name) const {
    for (const auto& [known, value] : headers)
        if (lower(known) == lower(name)) return value;
    return "";
}

}  // namespace heddle::test
