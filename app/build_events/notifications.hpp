// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/build_events/obs_event.hpp"

namespace heddle {

/// One entry of the queue.
struct Notification {
    std::optional<BuildEventType> type;  // nullopt: none of our business
    ObsEvent read;                       // where it is
};

/// An answer of `GET /lastnotifications?view=json` of an OBS backend (obs-backend, section 5).
struct Notifications {
    std::int64_t next = 0;  // where to go on
    bool lost = false;      // what was asked for is there no more, or nothing was asked for
    std::vector<Notification> entries;
};

/// nullopt: it is none. An entry that can't be read keeps its place: they are numbered by counting.
std::optional<Notifications> read_notifications(std::string_view body);

/// The name of the queue in an answer of `GET /`, <hello repoid="..."/>: another one after the backend was
/// made anew. nullopt: it is no such answer.
std::optional<std::string> read_repoid(std::string_view body);

}  // namespace heddle
