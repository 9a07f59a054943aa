// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "app/http/connection.hpp"
#include "app/http/listener.hpp"

namespace heddle {

/// One thread that accepts clients and keeps the connections that wait for theirs: thousands of them cost no
/// thread. A connection whose socket is ready, or whose deadline has passed, is handed on.
class SocketWatch {
public:
    using Hand = std::function<void(std::unique_ptr<Connection>)>;

    /// `hand_on` must not block; `service` must outlive it.
    SocketWatch(Socket listener, Service& service, Hand hand_on);
    ~SocketWatch();

    /// Keeps it until it may advance; `to_write`: what it waits for. Ends it instead once that makes no
    /// sense.
    void park(std::unique_ptr<Connection> connection, bool to_write);
    /// Accepts nobody any more and ends the connections without a request in hand.
    void close_door();
    /// Ends the rest.
    void stop();

private:
    using Clock = GuardedStream::Clock;
    using Parked = std::map<int, std::unique_ptr<Connection>>;  // by descriptor

    void run();
    void keep(std::unique_ptr<Connection> connection, std::uint32_t event);
    int time_left() const;
    void accept_all();
    void admit(Socket client, std::string address);
    bool end_oldest();
    void hand_on_ready(int fd);
    void hand_on_late();
    void watch(int fd, std::uint32_t events);
    std::unique_ptr<Connection> unpark(Parked::iterator place);
    void wake() const;

    Socket listener_;
    Service& service_;
    const Hand hand_on_;
    Socket epoll_;
    Socket wake_;
    mutable std::mutex mutex_;  // of all below
    Parked parked_;
    std::set<std::pair<Clock::time_point, int>> deadlines_;      // of the parked ones
    Clock::time_point accept_again_ = Clock::time_point::max();  // set while the system lacks descriptors
    bool door_closed_ = false;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace heddle
