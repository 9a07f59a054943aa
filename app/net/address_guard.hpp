// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace heddle {

/// An address that can be connected to.
struct NetAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;

    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
    std::string text() const;  // "192.0.2.1", "2001:db8::1"
};

/// "192.0.2.1" or "2001:db8::1"; nothing for a name, or for the short forms of addresses ("127.1").
std::optional<NetAddress> numeric_address(const std::string& text, int port);

/// Reached over the internet, and meant to be: not loopback, private (RFC 1918, RFC 4193), link-local, shared
/// (RFC 6598), multicast, unspecified, reserved, for documentation, nor one that hides an IPv4 address in it
/// (mapped, 6to4, Teredo; of NAT64's the inner one counts). Source: IANA's two registries of special-purpose
/// addresses (RFC 6890).
bool is_public_address(const NetAddress& address);

/// Numeric addresses of a host.
using Resolver = std::function<std::vector<std::string>(const std::string& host)>;

/// The addresses of a host, in the order of preference, by `resolver` or, where it is empty, by the system.
/// Throws RemoteError: Retry when there is no answer by `until` or no such name; GiveUp when any of the
/// addresses is not public and `private_network` is false.
std::vector<NetAddress> resolve_checked(const std::string& host,
                                        int port,
                                        bool private_network,
                                        const Resolver& resolver,
                                        std::chrono::steady_clock::time_point until,
                                        const std::string& doing);

}  // namespace heddle
