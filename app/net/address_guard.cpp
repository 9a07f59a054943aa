// SPDX-License-Identifier: Apache-2.0
#include "app/net/address_guard.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <array>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

struct Range4 {
    std::uint32_t network;
    int bits;
};

constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    return a << 24 | b << 16 | c << 8 | d;
}

// What IANA's registry of IPv4 special-purpose addresses does not call globally reachable, and multicast.
constexpr std::array kSpecial4{
    Range4{v4(0, 0, 0, 0), 8},
    Range4{v4(10, 0, 0, 0), 8},
    Range4{v4(100, 64, 0, 0), 10},
    Range4{v4(127, 0, 0, 0), 8},
    Range4{v4(169, 254, 0, 0), 16},
    Range4{v4(172, 16, 0, 0), 12},
    Range4{v4(192, 0, 0, 0), 24},
    Range4{v4(192, 0, 2, 0), 24},
    Range4{v4(192, 88, 99, 0), 24},
    Range4{v4(192, 168, 0, 0), 16},
    Range4{v4(198, 18, 0, 0), 15},
    Range4{v4(198, 51, 100, 0), 24},
    Range4{v4(203, 0, 113, 0), 24},
    Range4{v4(224, 0, 0, 0), 4},
    Range4{v4(240, 0, 0, 0), 4},
};

bool is_public4(std::uint32_t address) {
    for (const Range4& range : kSpecial4)
        if ((address ^ range.network) >> (32 - range.bits) == 0) return false;
    return true;
}

bool starts_with(const std::array<std::uint8_t, 16>& address, std::initializer_list<std::uint8_t> prefix) {
    return std::equal(prefix.begin(), prefix.end(), address.begin());
}

bool is_public6(const std::array<std::uint8_t, 16>& a) {
    // NAT64 (RFC 6052): an IPv6-only network reaches IPv4 hosts by these.
    if (starts_with(a, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}))
        return is_public4(v4(a[12], a[13], a[14], a[15]));
    if ((a[0] & 0xe0) != 0x20) return false;                     // 2000::/3 is all that is given out
    if (starts_with(a, {0x20, 0x01}) && a[2] < 2) return false;  // 2001::/23: Teredo and the like
    if (starts_with(a, {0x20, 0x01, 0x0d, 0xb8})) return false;  // documentation
    if (starts_with(a, {0x20, 0x02})) return false;              // 6to4
    return !(starts_with(a, {0x3f, 0xff}) && a[2] < 0x10);       // documentation
}

[[noreturn]] void not_resolved(const std::string& doing, const std::string& why) {
    throw RemoteError(RemoteError::Kind::Retry, doing, why);
}

/// What a look-up that may outlive its caller writes to.
struct LookUp {
    std::mutex mutex;
    std::condition_variable done;
    std::optional<int> result;
    std::vector<std::string> addresses;
};

std::vector<std::string> texts_of(const addrinfo* list) {
    std::vector<std::string> texts;
    for (; list; list = list->ai_next) {
        NetAddress address;
        std::memcpy(&address.storage, list->ai_addr, list->ai_addrlen);
        address.size = list->ai_addrlen;
        texts.push_back(address.text());
    }
    return texts;
}

void look_up(const std::string& host, LookUp& into) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    const int result = getaddrinfo(host.c_str(), nullptr, &hints, &list);
    auto addresses = texts_of(result == 0 ? list : nullptr);
    if (result == 0) freeaddrinfo(list);
    const std::lock_guard lock(into.mutex);
    into.addresses = std::move(addresses);
    into.result = result;
    into.done.notify_all();
}

/// getaddrinfo() knows no deadline and can't be ended: it gets a thread that it may keep for as long as it
/// likes (a minute at most, by the usual resolv.conf).
std::vector<std::string> ask_system(const std::string& host,
                                    std::chrono::steady_clock::time_point until,
                                    const std::string& doing) {
    const auto state = std::make_shared<LookUp>();
    std::thread([host, state] { look_up(host, *state); }).detach();
    std::unique_lock lock(state->mutex);
    if (!state->done.wait_until(lock, until, [&] { return state->result.has_value(); }))
        not_resolved(doing, "its name was not resolved in time");
    if (*state->result != 0)
        not_resolved(doing, "its name can't be resolved (" + std::string(gai_strerror(*state->result)) + ")");
    return state->addresses;
}

}  // namespace

std::string NetAddress::text() const {
    char buffer[INET6_ADDRSTRLEN] = "";
    const void* bytes =
        storage.ss_family == AF_INET6
            ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(storage).sin6_addr)
            : &reinterpret_cast<const sockaddr_in&>(storage).sin_addr;
    inet_ntop(storage.ss_family, bytes, buffer, sizeof buffer);
    return buffer;
}

std::optional<NetAddress> numeric_address(const std::string& text, int port) {
    if (text.find('\0') != std::string::npos) return std::nullopt;  // inet_pton() reads no further
    NetAddress address;
    auto& four = reinterpret_cast<sockaddr_in&>(address.storage);
    auto& six = reinterpret_cast<sockaddr_in6&>(address.storage);
    if (inet_pton(AF_INET, text.c_str(), &four.sin_addr) == 1) {
        four.sin_family = AF_INET;
        four.sin_port = htons(static_cast<std::uint16_t>(port));
        address.size = sizeof four;
        return address;
    }
    if (inet_pton(AF_INET6, text.c_str(), &six.sin6_addr) == 1) {
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(static_cast<std::uint16_t>(port));
        address.size = sizeof six;
        return address;
    }
    return std::nullopt;
}

bool is_public_address(const NetAddress& address) {
    if (address.storage.ss_family == AF_INET)
        return is_public4(ntohl(reinterpret_cast<const sockaddr_in&>(address.storage).sin_addr.s_addr));
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(
        bytes.data(), &reinterpret_cast<const sockaddr_in6&>(address.storage).sin6_addr, bytes.size());
    return is_public6(bytes);
}

std::vector<NetAddress> resolve_checked(const std::string& host,
                                        int port,
                                        bool private_network,
                                        const Resolver& resolver,
                                        std::chrono::steady_clock::time_point until,
                                        const std::string& doing) {
    std::vector<std::string> texts{host};
    if (!numeric_address(host, port)) texts = resolver ? resolver(host) : ask_system(host, until, doing);
    std::vector<NetAddress> addresses;
    for (const std::string& text : texts) {
        const auto address = numeric_address(text, port);
        if (!address) continue;
        if (!private_network && !is_public_address(*address))
            throw RemoteError(RemoteError::Kind::GiveUp,
                              doing,
                              "its address " + address->text() +
                                  " is not on the internet, and private_network is not set for it");
        addresses.push_back(*address);
    }
    if (addresses.empty()) not_resolved(doing, "its name has no address");
    return addresses;
}

}  // namespace heddle
