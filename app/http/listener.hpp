// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "app/config/config.hpp"

namespace heddle {

/// Owns one socket.
class Socket {
public:
    explicit Socket(int fd = -1) : fd_(fd) {}
    ~Socket();
    Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Socket& operator=(Socket&& other) noexcept;
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

private:
    int fd_;
};

/// Listens on the configured address, IPv4 or IPv6; a name is resolved, and its first address taken. A second
/// program on the same port is refused by the system. Throws WrongUse.
Socket listen_on(const ServerConfig& server);

/// The port that a listening socket has.
int port_of(const Socket& listener);

/// A client that waits, with its address ("192.0.2.1", "2001:db8::1"); none: nobody waits any more, or it
/// could not be had (see errno). Never blocks, nor does what it returns.
std::pair<Socket, std::string> accept_client(const Socket& listener);

}  // namespace heddle
