// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct ssl_st;  // OpenSSL's SSL

namespace heddle {

/// Bytes to and from one socket under a budget and one deadline, which hold however slowly or generously the
/// far side sends (design section 11). Server and client stand on it. For one thread at a time. Without a
/// session it never raises SIGPIPE; OpenSSL does, so a program that speaks TLS must ignore that signal.
class GuardedStream {
public:
    using Clock = std::chrono::steady_clock;

    /// How the last call went.
    enum class State {
        Good,
        NotYet,   // nothing there, or no room, without waiting
        Ended,    // the far side sends nothing more
        TooMuch,  // the budget is used up
        TooLate,  // the deadline has passed
        Failed,   // the connection broke
    };

    /// The socket, which must not block, and the session on it stay the caller's; without a session: plain.
    explicit GuardedStream(int fd, ssl_st* session = nullptr);

    /// From now on `bytes` may be read, counted anew, and nothing is waited for after `until`.
    void expect(std::size_t bytes, Clock::time_point until);
    /// Another deadline; what was read so far still counts.
    void set_deadline(Clock::time_point until) { until_ = until; }

    /// Reads at least one byte and at most `size`, waiting for it until the deadline. 0: see state().
    std::size_t read(char* to, std::size_t size);
    /// The same with what is there already.
    std::size_t take(char* to, std::size_t size);
    /// Takes what is there already up to and including `end`, and appends it. True once `end` came, which may
    /// have begun in an earlier piece; otherwise see state().
    bool take_line(std::string& to, std::string_view end);

    /// Sends all of it, waiting until the deadline. False: see state().
    bool write(std::string_view bytes);
    /// Sends as much as can be sent without waiting. `more`: the next bytes follow at once, so that both
    /// travel together. 0: see state().
    std::size_t give(std::string_view bytes, bool more = false);

    State state() const { return state_; }
    Clock::time_point deadline() const { return until_; }

    /// Bytes were received that nobody has read yet, a TLS session's included.
    bool holds_bytes() const;
    /// A read would not wait: bytes are there, or the end, or an error.
    bool readable() const;
    /// Gives up the memory of an empty buffer; a later read takes it anew.
    void shrink();

private:
    bool fill();
    std::size_t pending() const { return to_ - from_; }
    bool may_read();
    bool judge(int result, bool ended);
    bool wait(short events);

    int fd_;
    ssl_st* session_;
    Clock::time_point until_ = Clock::time_point::max();
    State state_ = State::Good;
    short wanted_ = 0;  // what to poll for after NotYet
    std::size_t allowed_ = 0, taken_ = 0, from_ = 0, to_ = 0;
    std::unique_ptr<char[]> buffer_;
};

}  // namespace heddle
