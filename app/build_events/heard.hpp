// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "app/build_events/event_listener.hpp"
#include "app/build_events/obs_event.hpp"

namespace heddle {

/// What a feed heard, by type: counted as it comes, told once it is stored.
class Heard {
public:
    Heard(EventSource source, const EventWatch& watch) : source_(source), watch_(watch) {}

    /// Counts an entry or message. `which`: what a log may call it. True: its event is to be stored.
    bool take(const std::optional<BuildEventType>& type, const ObsEvent& read, const std::string& which);
    /// What was taken since the last time is stored; `stored` of the events were new.
    void tell(int stored);
    /// It was not stored, and will come again.
    void forget();

private:
    using Clock = std::chrono::steady_clock;

    void complain();

    const EventSource source_;
    const EventWatch& watch_;
    std::map<std::string, int> counts_;
    int usable_ = 0;
    int unusable_ = 0;          // of them none was complained of
    std::string why_unusable_;  // the first of those
    Clock::time_point next_complaint_{};
};

}  // namespace heddle
