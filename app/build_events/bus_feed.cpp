// SPDX-License-Identifier: Apache-2.0
#include "app/build_events/bus_feed.hpp"

#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

#include "workflows/model/log_line.hpp"

namespace heddle {
namespace {

using namespace std::chrono_literals;

constexpr auto kWait = 1s;
constexpr int kMostAtOnce = 250;  // half of what the server sends ahead: it sends while we store

ObsEvent read_message(BuildEventType type, const BusMessage& message) {
    ObsEvent read;
    if (message.too_large) {
        read.problem = "it is larger than 1 MiB";
        return read;
    }
    const auto payload = nlohmann::json::parse(message.body, nullptr, false);
    if (payload.is_discarded()) {
        read.problem = "it is no JSON";
        return read;
    }
    return read_obs_event(type, payload);
}

}  // namespace

BusFeed::BusFeed(BusOptions options, EventWatch watch)
    : options_(std::move(options)), watch_(std::move(watch)), heard_(EventSource::Bus, watch_) {}

void BusFeed::close() noexcept {
    bus_.reset();
    heard_.forget();
}

bool BusFeed::listen(pqxx::connection& connection) {
    if (!bus_) {
        open(connection);
        return true;
    }
    std::vector<BusEvent> events;
    const std::uint64_t last = gather(events);
    if (last == 0) return true;
    int stored = 0;
    if (!events.empty()) {
        pqxx::work tx(connection);
        stored = store_bus_events(tx, events);
        tx.commit();
    }
    heard_.tell(stored);
    bus_->acknowledge(last);
    return true;
}

void BusFeed::open(pqxx::connection& connection) {
    bus_ = std::make_unique<BusConnection>(options_);
    owes_a_look_ = owes_a_look_ || bus_->is_new_queue();
    if (!owes_a_look_) return;
    pqxx::work tx(connection);
    if (watch_.missed) watch_.missed(tx);
    tx.commit();
    owes_a_look_ = false;
    spdlog::info("{}",
                 LogLine("events_missed")
                     .add("source", to_string(source()))
                     .add("because", "the queue is new")
                     .text());
}

std::uint64_t BusFeed::gather(std::vector<BusEvent>& events) {
    std::uint64_t last = 0;
    for (int count = 0; count < kMostAtOnce; ++count) {
        const auto message = bus_->receive(last == 0 ? std::chrono::milliseconds(kWait) : 0ms);
        if (!message) break;
        last = message->tag;
        const auto type = type_of_routing_key(message->routing_key);
        const ObsEvent read = type ? read_message(*type, *message) : ObsEvent{};
        if (heard_.take(type, read, "message " + message->routing_key))
            events.push_back({read.event, read.wording, read.timed});
    }
    return last;
}

}  // namespace heddle
