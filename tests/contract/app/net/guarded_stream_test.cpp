// SPDX-License-Identifier: Apache-2.0
#include "app/net/guarded_stream.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>

using namespace heddle;
using namespace std::chrono_literals;
using State = GuardedStream::State;

namespace {

/// Two ends of one connection.
struct Ends {
    Ends() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) == 0); }
    ~Ends() {
        ::close(fds[0]);
        close_far();
    }
    void send(const std::string& text) {
        REQUIRE(::send(fds[1], text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()));
    }
    void close_far() {
        if (fds[1] >= 0) ::close(fds[1]);
        fds[1] = -1;
    }
    std::array<int, 2> fds{};
};

auto in(std::chrono::milliseconds time) { return GuardedStream::Clock::now() + time; }

std::string read_all(GuardedStream& stream) {
    std::string all;
    char bytes[64];
    while (const std::size_t got = stream.read(bytes, sizeof bytes)) all.append(bytes, got);
    return all;
}

}  // namespace

TEST_CASE("a stream hands out no more than its budget, and counts anew for the next") {
    Ends ends;
    GuardedStream stream(ends.fds[0]);
    ends.send("0123456789");
    stream.expect(4, in(10s));
    CHECK(read_all(stream) == "0123");
    CHECK(stream.state() == State::TooMuch);
    stream.expect(100, in(10s));
    ends.close_far();
    CHECK(read_all(stream) == "456789");
    CHECK(stream.state() == State::Ended);
}

TEST_CASE("a far side that says nothing is waited for until the deadline") {
    Ends ends;
    GuardedStream stream(ends.fds[0]);
    const auto until = in(30ms);
    stream.expect(100, until);
    CHECK(read_all(stream).empty());
    CHECK(stream.state() == State::TooLate);
    CHECK(GuardedStream::Clock::now() >= until);
}

TEST_CASE("a far side that never stops sending is cut off at the deadline") {
    Ends ends;
    GuardedStream stream(ends.fds[0]);
    std::atomic<bool> done = false;
    std::thread sender([&] {
        const std::string piece(1000, 'x');
        while (!done && ::send(ends.fds[1], piece.data(), piece.size(), MSG_NOSIGNAL) > 0) continue;
    });
    stream.expect(std::size_t{1} << 40, in(50ms));
    char byte = 0;
    while (stream.read(&byte, 1) == 1) continue;
    CHECK(stream.state() == State::TooLate);
    done = true;
    ::shutdown(ends.fds[0], SHUT_RDWR);
    sender.join();
}

TEST_CASE("what is not there yet is not waited for by take") {
    Ends ends;
    GuardedStream stream(ends.fds[0]);
    stream.expect(100, in(10s));
    char bytes[8];
    CHECK_FALSE(stream.readable());
    CHECK(stream.take(bytes, sizeof bytes) == 0);
    CHECK(stream.state() == State::NotYet);
    ends.send("ab");
    CHECK(stream.readable());
    CHECK(stream.take(bytes, sizeof bytes) == 2);
}

TEST_CASE("a line is found across pieces, and what follows it stays") {
    Ends ends;
    GuardedStream stream(ends.fds[0]);
    stream.expect(100, in(10s));
    std::string head;
    ends.send("one\r\ntwo\r\n\r");
    CHECK_FALSE(stream.take_line(head, "\r\n\r\n"));
    CHECK(stream.state() == State::NotYet);
    ends.send("\nbody");
    CHECK(stream.take_line(head, "\r\n\r\n"));
    CHECK(head == "one\r\ntwo\r\n\r\n");
    CHECK(stream.holds_bytes());
    stream.shrink();  // does nothing to bytes
    ends.close_far();
    CHECK(read_all(stream) == "body");
}

TEST_CASE("a line that does not end within the budget is too much") {
    Ends ends;
    GuardedStream stream(ends.fds[0]);
    ends.send(std::string(200, 'x'));
    stream.expect(150, in(10s));
    std::string head;
    CHECK_FALSE(stream.take_line(head, "\r\n"));
    CHECK(stream.state() == State::TooMuch);
    CHECK(head.size() == 150);
}

TEST_CASE("writing waits for a reader until the deadline") {
    Ends ends;
    GuardedStream stream(ends.fds[0]);
    stream.expect(0, in(30ms));
    CHECK_FALSE(stream.write(std::string(16 << 20, 'x')));
    CHECK(stream.state() == State::TooLate);
}

TEST_CASE("writing to somebody who has gone fails without a signal") {
    Ends ends;
    GuardedStream stream(ends.fds[0]);
    stream.expect(0, in(10s));
    CHECK(stream.write("x"));
    ends.close_far();
    CHECK_FALSE(stream.write("x"));
    CHECK(stream.state() == State::Failed);
}
