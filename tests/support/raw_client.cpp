// SPDX-License-Identifier: Apache-2.0
#include "tests/support/raw_client.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace heddle::test {
namespace {

constexpr std::chrono::seconds kPatience{20};

bool polls(int fd, short events, std::chrono::milliseconds time) {
    pollfd one{fd, events, 0};
    return ::poll(&one, 1, static_cast<int>(time.count())) == 1;
}

}  // namespace

std::string RawAnswer::header(const std::string& name) const {
    const auto at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

RawClient::RawClient(int port, const std::string& host) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_NUMERICHOST;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0)
        throw std::runtime_error("no address: " + host);
    fd_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool connected = fd_ >= 0 && ::connect(fd_, found->ai_addr, found->ai_addrlen) == 0;
    ::freeaddrinfo(found);
    if (connected) return;
    if (fd_ >= 0) ::close(fd_);
    throw std::runtime_error("can't connect");
}

RawClient::RawClient(RawClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), received_(std::move(other.received_)) {}

RawClient::~RawClient() {
    if (fd_ >= 0) ::close(fd_);
}

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        if (!polls(fd_, POLLOUT, kPatience)) throw std::runtime_error("the server takes nothing");
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void RawClient::end_sending() { ::shutdown(fd_, SHUT_WR); }

RawAnswer RawClient::answer(bool bodiless) {
    RawAnswer answer;
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos)
        if (!receive()) return answer;
    answer.head = received_.substr(0, end + 2);
    received_.erase(0, end + 4);
    answer.status = std::stoi(answer.head.substr(9, 3));
    const std::string length = answer.header("Content-Length");
    const std::size_t size = bodiless || length.empty() ? 0 : std::stoul(length);
    while (received_.size() < size)
        if (!receive()) throw std::runtime_error("the body ends early");
    answer.body = received_.substr(0, size);
    received_.erase(0, size);
    return answer;
}

RawAnswer RawClient::ask(std::string_view bytes) {
    send(bytes);
    return answer();
}

bool RawClient::hears_within(std::chrono::milliseconds time) {
    return !received_.empty() || polls(fd_, POLLIN, time);
}

std::string RawClient::rest() {
    while (receive()) continue;
    return std::exchange(received_, {});
}

bool RawClient::receive() {
    if (!polls(fd_, POLLIN, kPatience)) throw std::runtime_error("the server says nothing");
    char bytes[16 * 1024];
    const ssize_t got = ::recv(fd_, bytes, sizeof bytes, 0);
    if (got > 0) received_.append(bytes, static_cast<std::size_t>(got));
    return got > 0;
}

}  // namespace heddle::test
