// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "workflows/model/build_event.hpp"

namespace heddle {

/// From where a process fetches build events by itself.
enum class EventSource { Notifications = 1, Bus = 2 };

/// "notifications", "bus": also the sender of what is stored.
std::string to_string(EventSource source);

/// One process at a time listens to a source: who holds the session lock (1214599253, source), until its
/// connection ends. What was heard is stored on the same connection, so nobody stores without the lock.
/// False: another one holds it.
bool try_to_listen(pqxx::connection& connection, EventSource source);

/// How far a backend's queue was read.
struct QueuePosition {
    std::string repoid;
    std::int64_t generation = 0;  // of its numbers, never the same twice
    std::int64_t next = 1;        // the first entry that was not read
};

/// nullopt: it was never read. `queue`: the backend's URL.
std::optional<QueuePosition> find_queue_position(pqxx::transaction_base& tx, const std::string& queue);
/// Goes on at `next` with new numbers.
QueuePosition begin_queue(pqxx::transaction_base& tx,
                          const std::string& queue,
                          const std::string& repoid,
                          std::int64_t next);
/// False: it does not stand at `from` any more, somebody else has read.
bool advance_queue(pqxx::transaction_base& tx,
                   const std::string& queue,
                   const QueuePosition& from,
                   std::int64_t next);

/// An event of a message bus, where messages have no ids.
struct BusEvent {
    BuildEvent event;
    std::string wording;  // equal for the same message
    bool timed = false;   // it says when it happened: what is equal is the same
};

/// Stores them as store_build_events() does, under ids made of their wording. What is not timed (a deletion)
/// counts as the same when it was said before within the last minute or two: a message that is delivered
/// again comes within seconds, and later the same may happen once more.
int store_bus_events(pqxx::transaction_base& tx, const std::vector<BusEvent>& events);

}  // namespace heddle
