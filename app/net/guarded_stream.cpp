// SPDX-License-Identifier: Apache-2.0
#include "app/net/guarded_stream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace heddle {
namespace {

constexpr std::size_t kBuffer = 16 * 1024;

bool polls(int fd, short events, int milliseconds) {
    pollfd one{fd, events, 0};
    return ::poll(&one, 1, milliseconds) == 1;
}

}  // namespace

GuardedStream::GuardedStream(int fd, ssl_st* session) : fd_(fd), session_(session) {}

void GuardedStream::expect(std::size_t bytes, Clock::time_point until) {
    allowed_ = bytes;
    taken_ = 0;
    until_ = until;
    state_ = State::Good;
}

std::size_t GuardedStream::read(char* to, std::size_t size) {
    for (;;) {
        const std::size_t got = take(to, size);
        if (got > 0 || state_ != State::NotYet || !wait(wanted_)) return got;
    }
}

std::size_t GuardedStream::take(char* to, std::size_t size) {
    if (!may_read() || (pending() == 0 && !fill())) return 0;
    const std::size_t got = std::min({size, pending(), allowed_ - taken_});
    std::memcpy(to, buffer_.get() + from_, got);
    from_ += got;
    taken_ += got;
    return got;
}

bool GuardedStream::take_line(std::string& to, std::string_view end) {
    while (may_read() && (pending() > 0 || fill())) {
        const std::size_t before = to.size();
        to.append(buffer_.get() + from_, std::min(pending(), allowed_ - taken_));
        const std::size_t begin = before < end.size() ? 0 : before - end.size() + 1;
        const std::size_t found = to.find(end, begin);
        if (found != std::string::npos) to.resize(found + end.size());
        from_ += to.size() - before;
        taken_ += to.size() - before;
        if (found != std::string::npos) return true;
    }
    return false;
}

bool GuardedStream::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t sent = give(bytes);
        if (sent == 0 && (state_ != State::NotYet || !wait(wanted_))) return false;
        bytes.remove_prefix(sent);
        if (!bytes.empty() && Clock::now() >= until_) {
            state_ = State::TooLate;
            return false;
        }
    }
    return true;
}

std::size_t GuardedStream::give(std::string_view bytes, bool more) {
    if (bytes.empty()) return 0;
    if (session_) {
        std::size_t sent = 0;
        ERR_clear_error();
        wanted_ = POLLOUT;
        return judge(SSL_write_ex(session_, bytes.data(), bytes.size(), &sent), false) ? sent : 0;
    }
    const int flags = MSG_NOSIGNAL | MSG_DONTWAIT | (more ? MSG_MORE : 0);
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), flags);
    wanted_ = POLLOUT;
    return judge(sent > 0 ? 1 : -1, false) ? static_cast<std::size_t>(sent) : 0;
}

bool GuardedStream::holds_bytes() const { return pending() > 0 || (session_ && SSL_pending(session_) > 0); }

bool GuardedStream::readable() const { return holds_bytes() || polls(fd_, POLLIN, 0); }

void GuardedStream::shrink() {
    if (pending() == 0) buffer_.reset();
}

bool GuardedStream::may_read() {
    if (taken_ < allowed_) return true;
    state_ = State::TooMuch;
    return false;
}

/// One read into the empty buffer, without waiting.
bool GuardedStream::fill() {
    // Looked at before each read: a far side that always has one more byte ready would never be waited for.
    if (Clock::now() >= until_) {
        state_ = State::TooLate;
        return false;
    }
    if (!buffer_) buffer_.reset(new char[kBuffer]);  // not zeroed: it is filled before it is read
    from_ = to_ = 0;
    wanted_ = POLLIN;
    if (session_) {
        ERR_clear_error();
        return judge(SSL_read_ex(session_, buffer_.get(), kBuffer, &to_), false);
    }
    const ssize_t got = ::recv(fd_, buffer_.get(), kBuffer, MSG_DONTWAIT);
    if (got > 0) to_ = static_cast<std::size_t>(got);
    return judge(got > 0 ? 1 : -1, got == 0);
}

/// Turns the result of a call (1: it went well) and its errno or TLS error into the state. A TLS session that
/// ends without saying so has Failed: somebody may have cut it.
bool GuardedStream::judge(int result, bool ended) {
    state_ = State::Good;
    if (result == 1) return true;
    if (session_) {
        const int error = SSL_get_error(session_, result);
        if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
            wanted_ = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
            state_ = State::NotYet;
        } else {
            state_ = error == SSL_ERROR_ZERO_RETURN ? State::Ended : State::Failed;
        }
        return false;
    }
    const bool again = errno == EAGAIN || errno == EINTR;
    state_ = ended ? State::Ended : again ? State::NotYet : State::Failed;
    return false;
}

/// Waits until the socket is ready for what the last call lacked. False: the deadline has passed.
bool GuardedStream::wait(short events) {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until_ - Clock::now()).count();
        if (left <= 0) break;
        // In steps, so that no deadline is too far away for poll().
        if (polls(fd_, events, static_cast<int>(std::min<std::int64_t>(left, 60'000)))) return true;
    }
    state_ = State::TooLate;
    return false;
}

}  // namespace heddle
