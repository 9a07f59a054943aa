// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "app/build_events/bus_connection.hpp"
#include "app/build_events/event_listener.hpp"
#include "app/net/http_client.hpp"
#include "tests/support/postgres_fixture.hpp"

namespace heddle::test {

/// A database and what Heddle's listeners store there. Each listener has its own connections, as in a process
/// of its own.
class ListeningWorld {
public:
    ListeningWorld();

    /// A listener to the queue of a backend, with short pauses.
    std::unique_ptr<EventListener> listen_to_queue(const std::string& api_url);

    std::unique_ptr<EventListener> listen_to_bus(const BusOptions& options);

    /// What a query says, as text: rows by ';', columns by '|'.
    std::string ask(const std::string& query);
    void tell(const std::string& statement);
    /// Waits until the query says that, and fails the test when it does not.
    void await(const std::string& query, const std::string& answer);
    /// Waits until one of the listeners listens, and has missed something `missed` times in all.
    void await_listening(int missed);
    /// Waits until it holds, and fails the test when it does not.
    void await_told(const std::function<bool()>& condition);
    /// Breaks the connections by which listeners hold their turn; returns how many there were.
    std::string cut_listeners();

    EventWatch watch();
    int heard(const std::string& type);
    int missed() const { return missed_; }
    /// Called after events were stored, in the listener's thread.
    std::function<void()> after_storing;

private:
    heddle::testing::TestDatabase database_;
    HttpClient client_;
    std::mutex mutex_;
    std::map<std::string, int> heard_;
    std::atomic<int> listening_{0};
    std::atomic<int> missed_{0};
};

inline const ListenerOptions kImpatient{
    std::chrono::milliseconds(50), std::chrono::milliseconds(200), std::chrono::milliseconds(50)};

}  // namespace heddle::test
