// SPDX-License-Identifier: Apache-2.0
#include "app/http/listener.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "app/config/wrong_use.hpp"

namespace heddle {
namespace {

constexpr int kBacklog = 1024;  // clients that wait to be accepted: a burst waits here, not in a resent SYN

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

[[noreturn]] void fail(const ServerConfig& server, const std::string& why) {
    throw WrongUse("server.listen: " + server.host + ", port " + std::to_string(server.port) +
                   ", can't be listened on: " + why);
}

Addresses resolve(const ServerConfig& server) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    std::string host = server.host;
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const int error = ::getaddrinfo(host.c_str(), std::to_string(server.port).c_str(), &wanted, &found);
    if (error != 0) fail(server, ::gai_strerror(error));
    return {found, &::freeaddrinfo};
}

void set(int fd, int level, int option, int value) { ::setsockopt(fd, level, option, &value, sizeof value); }

std::string numeric(const sockaddr_storage& address, socklen_t size) {
    char host[NI_MAXHOST];
    const auto* plain = reinterpret_cast<const sockaddr*>(&address);
    const int error = ::getnameinfo(plain, size, host, sizeof host, nullptr, 0, NI_NUMERICHOST);
    return error == 0 ? host : "";
}

}  // namespace

Socket::~Socket() {
    if (fd_ >= 0) ::close(fd_);
}

Socket& Socket::operator=(Socket&& other) noexcept {
    if (this != &other) {
        if (fd_ >= 0) ::close(fd_);
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

Socket listen_on(const ServerConfig& server) {
    const Addresses addresses = resolve(server);
    const addrinfo& first = *addresses;
    Socket listener(::socket(first.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!listener) fail(server, std::strerror(errno));
    // Not SO_REUSEPORT: with it a second program would quietly take half of the requests.
    set(listener.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    if (first.ai_family == AF_INET6) set(listener.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
    if (::bind(listener.get(), first.ai_addr, first.ai_addrlen) < 0 || ::listen(listener.get(), kBacklog) < 0)
        fail(server, std::strerror(errno));
    return listener;
}

int port_of(const Socket& listener) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) < 0) return 0;
    return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                               : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

std::pair<Socket, std::string> accept_client(const Socket& listener) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    Socket client(::accept4(
        listener.get(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!client) return {Socket(), ""};
    // Small answers go out at once instead of waiting for the client's delayed acknowledgement.
    set(client.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    return {std::move(client), numeric(address, size)};
}

}  // namespace heddle
