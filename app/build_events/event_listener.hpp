// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <thread>

#include "app/postgres/event_source_store.hpp"

namespace heddle {

/// A place that build events are fetched from. Used by one thread.
class EventFeed {
public:
    virtual ~EventFeed() = default;
    virtual EventSource source() const = 0;
    /// Connects where it is not connected, waits at most some seconds, and stores what came in transactions
    /// of `connection`, which holds the source's lock. No transaction is open while it waits. Throws
    /// RemoteError, and what libpqxx throws. False: it wants not to be called again at once, be it that it
    /// could not wait for what comes, or that more of it is to be fetched together.
    virtual bool listen(pqxx::connection& connection) = 0;
    /// Forgets the connection and what it knew. What was not stored comes again.
    virtual void close() noexcept = 0;
};

/// What a feed tells; each may be empty. Called from the listener's thread.
struct EventWatch {
    /// Events came: `type` is a word of BuildEventType, "other" for what is none of our business, or
    /// "unusable".
    std::function<void(EventSource source, const std::string& type, int count)> heard;
    /// This process listens now, or no longer.
    std::function<void(EventSource source, bool on)> listening;
    /// Events may have been missed: in the transaction that goes on behind them, whoever has statuses to
    /// mend is told to read all states afresh.
    std::function<void(pqxx::transaction_base& tx)> missed;
};

struct ListenerOptions {
    std::chrono::milliseconds first_pause{
        500};  // after a failure, doubled each time; and where a feed wants one
    std::chrono::milliseconds longest_pause{30'000};
    std::chrono::milliseconds turn{2'000};  // how often a process asks whether it is its turn to listen
};

/// The thread that listens to one feed, in one process at a time: another one takes over when this one dies
/// or finds no way to the feed. An outage is logged once. Stops within some seconds.
class EventListener {
public:
    /// `watch.heard` and `watch.missed` are the feed's business.
    EventListener(std::string database_url,
                  std::unique_ptr<EventFeed> feed,
                  EventWatch watch,
                  ListenerOptions options = {});

    /// Does not wait for the thread's end, the destructor does.
    void request_stop() { thread_.request_stop(); }

private:
    void loop(const std::stop_token& stop);
    /// Until something fails (thrown) or a stop is requested.
    void attend(const std::stop_token& stop);
    void tell(bool on);

    const std::string database_url_;
    const std::unique_ptr<EventFeed> feed_;
    const EventWatch watch_;
    const ListenerOptions options_;
    std::unique_ptr<pqxx::connection> connection_;
    bool listening_ = false;
    int failures_ = 0;
    std::jthread thread_;  // last: it ends first
};

}  // namespace heddle
