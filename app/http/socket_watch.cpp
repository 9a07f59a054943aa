// SPDX-License-Identifier: Apache-2.0
#include "app/http/socket_watch.hpp"

#include <spdlog/spdlog.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace heddle {
namespace {

constexpr std::chrono::milliseconds kPause{100};  // without descriptors left

Socket checked(int fd, const char* what) {
    if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
    return Socket(fd);
}

}  // namespace

SocketWatch::SocketWatch(Socket listener, Service& service, Hand hand_on)
    : listener_(std::move(listener)),
      service_(service),
      hand_on_(std::move(hand_on)),
      epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll")),
      wake_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {
    watch(listener_.get(), EPOLLIN);
    watch(wake_.get(), EPOLLIN);
    thread_ = std::thread([this] { run(); });
}

SocketWatch::~SocketWatch() { stop(); }

void SocketWatch::park(std::unique_ptr<Connection> connection, bool to_write) {
    const std::scoped_lock lock(mutex_);
    if (!stopped_ && !(door_closed_ && connection->expendable()))
        keep(std::move(connection), to_write ? EPOLLOUT : EPOLLIN);
}

void SocketWatch::keep(std::unique_ptr<Connection> connection, std::uint32_t event) {
    const int fd = connection->fd();
    const bool earliest = deadlines_.empty() || connection->deadline() < deadlines_.begin()->first;
    deadlines_.emplace(connection->deadline(), fd);
    parked_[fd] = std::move(connection);
    watch(fd, event | EPOLLONESHOT);
    if (earliest) wake();
}

void SocketWatch::close_door() {
    const std::scoped_lock lock(mutex_);
    door_closed_ = true;
    listener_ = Socket();
    for (auto place = parked_.begin(); place != parked_.end();) {
        const auto next = std::next(place);
        if (place->second->expendable()) unpark(place);
        place = next;
    }
}

void SocketWatch::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopped_ = true;
        wake();
    }
    if (thread_.joinable()) thread_.join();
    const std::scoped_lock lock(mutex_);
    deadlines_.clear();
    parked_.clear();
}

void SocketWatch::run() {
    std::array<epoll_event, 256> events;
    for (;;) {
        const int most = static_cast<int>(events.size());
        const int count = ::epoll_wait(epoll_.get(), events.data(), most, time_left());
        const std::scoped_lock lock(mutex_);
        if (stopped_) return;
        try {
            for (int i = 0; i < count; ++i) hand_on_ready(events[i].data.fd);
            hand_on_late();
        } catch (const std::exception& error) {
            // The system's memory ran out: those clients are lost, the door stays open.
            spdlog::error("connections ended: {}", error.what());
        }
    }
}

/// Milliseconds until something is to be done; -1: nothing is.
int SocketWatch::time_left() const {
    const std::scoped_lock lock(mutex_);
    auto until = accept_again_;
    if (!deadlines_.empty()) until = std::min(until, deadlines_.begin()->first);
    if (until == Clock::time_point::max()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

void SocketWatch::hand_on_ready(int fd) {
    if (fd == wake_.get()) {
        std::uint64_t count = 0;
        if (::read(fd, &count, sizeof count) < 0 && errno != EAGAIN)
            spdlog::warn("a wake-up could not be read: {}", std::strerror(errno));
    } else if (listener_ && fd == listener_.get()) {
        accept_all();
    } else if (const auto place = parked_.find(fd); place != parked_.end()) {
        hand_on_(unpark(place));
    }
}

void SocketWatch::hand_on_late() {
    const auto now = Clock::now();
    while (!deadlines_.empty() && deadlines_.begin()->first <= now)
        hand_on_(unpark(parked_.find(deadlines_.begin()->second)));
    if (accept_again_ > now) return;
    accept_again_ = Clock::time_point::max();
    if (listener_) watch(listener_.get(), EPOLLIN);
}

void SocketWatch::accept_all() {
    for (;;) {
        auto [client, address] = accept_client(listener_);
        if (client) {
            admit(std::move(client), std::move(address));
            continue;
        }
        // A client that left before it was accepted is no reason to stop.
        if (errno == ECONNABORTED || errno == EINTR || errno == EPROTO) continue;
        if (errno == EAGAIN) return;
        const int error = errno;
        if (end_oldest()) continue;
        spdlog::warn("nobody can be let in for a moment: {}", std::strerror(error));
        accept_again_ = Clock::now() + kPause;
        return watch(listener_.get(), 0);
    }
}

void SocketWatch::admit(Socket client, std::string address) {
    if (service_.connections() >= service_.options.most_connections && !end_oldest()) return;
    keep(std::make_unique<Connection>(std::move(client), std::move(address), service_), EPOLLIN);
}

/// Of those without a request in hand the one whose time is up first. False: there is none.
bool SocketWatch::end_oldest() {
    for (const auto& [deadline, fd] : deadlines_) {
        const auto place = parked_.find(fd);
        if (!place->second->expendable()) continue;
        unpark(place);
        return true;
    }
    return false;
}

void SocketWatch::watch(int fd, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0) return;
    if (errno != ENOENT || ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) < 0)
        throw std::system_error(errno, std::generic_category(), "epoll");
}

std::unique_ptr<Connection> SocketWatch::unpark(Parked::iterator place) {
    auto connection = std::move(place->second);
    deadlines_.erase({connection->deadline(), place->first});
    parked_.erase(place);
    return connection;
}

void SocketWatch::wake() const {
    const std::uint64_t one = 1;
    // It fails only when it is awake already.
    [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
}

}  // namespace heddle
