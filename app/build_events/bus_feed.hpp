// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "app/build_events/bus_connection.hpp"
#include "app/build_events/event_listener.hpp"
#include "app/build_events/heard.hpp"

namespace heddle {

/// The message bus of OBS. A message is acknowledged after it was stored, so it comes again after whatever
/// happens in between, and is known then.
class BusFeed : public EventFeed {
public:
    BusFeed(BusOptions options, EventWatch watch);

    EventSource source() const override { return EventSource::Bus; }
    bool listen(pqxx::connection& connection) override;
    void close() noexcept override;

private:
    void open(pqxx::connection& connection);
    /// What has come, after a wait for the first; returns the last one's tag, 0: nothing came.
    std::uint64_t gather(std::vector<BusEvent>& events);

    const BusOptions options_;
    const EventWatch watch_;
    Heard heard_;
    std::unique_ptr<BusConnection> bus_;
    bool owes_a_look_ = false;  // a queue was made, and nobody was told yet that events are missing
};

}  // namespace heddle
