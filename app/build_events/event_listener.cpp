// SPDX-License-Identifier: Apache-2.0
#include "app/build_events/event_listener.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "app/postgres/database_trouble.hpp"
#include "app/postgres/pool.hpp"
#include "workflows/model/log_line.hpp"

namespace heddle {
namespace {

void pause(const std::stop_token& stop, std::chrono::milliseconds time) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace

EventListener::EventListener(std::string database_url,
                             std::unique_ptr<EventFeed> feed,
                             EventWatch watch,
                             ListenerOptions options)
    : database_url_(std::move(database_url)),
      feed_(std::move(feed)),
      watch_(std::move(watch)),
      options_(options),
      thread_([this](const std::stop_token& stop) { loop(stop); }) {}

void EventListener::loop(const std::stop_token& stop) {
    std::chrono::milliseconds wait = options_.first_pause;
    while (!stop.stop_requested()) {
        try {
            attend(stop);
        } catch (const std::exception& error) {
            // One line for an outage, however long it is.
            if (failures_++ == 0)
                spdlog::warn("{}",
                             LogLine("events_interrupted")
                                 .add("source", to_string(feed_->source()))
                                 .add("because", in_one_sentence(error))
                                 .text());
        }
        if (listening_) wait = options_.first_pause;
        tell(false);
        feed_->close();
        connection_.reset();  // with the lock: another process may find a way
        if (failures_ > 0) pause(stop, wait);
        wait = std::min(2 * wait, options_.longest_pause);
    }
}

void EventListener::attend(const std::stop_token& stop) {
    connection_ = open_connection(database_url_);
    while (!stop.stop_requested() && !try_to_listen(*connection_, feed_->source()))
        pause(stop, options_.turn);
    while (!stop.stop_requested()) {
        const bool waits = feed_->listen(*connection_);
        tell(true);
        if (!waits) pause(stop, options_.first_pause);
    }
}

void EventListener::tell(bool on) {
    if (listening_ == on) return;
    listening_ = on;
    if (on) failures_ = 0;
    if (on) spdlog::info("{}", LogLine("events_listening").add("source", to_string(feed_->source())).text());
    if (watch_.listening) watch_.listening(feed_->source(), on);
}

}  // namespace heddle
