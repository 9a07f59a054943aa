// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "app/build_events/event_listener.hpp"
#include "app/build_events/heard.hpp"
#include "app/build_events/notifications.hpp"
#include "app/net/http_client.hpp"

namespace heddle {

/// The queue of an OBS backend, `GET /lastnotifications`. How far it was read stands in the database and
/// moves with what is stored.
class NotificationFeed : public EventFeed {
public:
    /// `backend`: the source server, without a credential. `client` must outlive the feed. `patience`: how
    /// long a request waits at the backend for the next entry; as long can a stop take.
    NotificationFeed(HttpClient& client,
                     ForgeAccess backend,
                     EventWatch watch,
                     std::chrono::milliseconds patience = std::chrono::seconds(3));

    EventSource source() const override { return EventSource::Notifications; }
    bool listen(pqxx::connection& connection) override;
    void close() noexcept override;

private:
    std::string ask(const std::string& target, std::chrono::milliseconds limit);
    Notifications ask_from(const std::string& query);
    std::string ask_repoid();
    /// Until something is there, or not: the next answer tells. False: it did not wait.
    bool wait();
    /// Drops what is long read, where nobody else has done so.
    void shorten();
    void take(pqxx::connection& connection, const Notifications& read);
    /// Entries are missing: goes on at `next`, and calls `missed`.
    void jump(pqxx::connection& connection,
              const std::string& repoid,
              std::int64_t next,
              const std::string& because,
              const decltype(EventWatch::missed)& missed);
    void store(pqxx::connection& connection, const Notifications& read);

    HttpClient& client_;
    const ForgeAccess backend_;
    const EventWatch watch_;
    const std::chrono::milliseconds patience_;
    std::optional<QueuePosition> position_;
    std::int64_t shortened_at_ = 0;  // the position then
    Heard heard_;
    bool woken_at_once_ = false;
};

}  // namespace heddle
