// SPDX-License-Identifier: Apache-2.0
#include "tests/obs/listening_world.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <pqxx/pqxx>

#include "app/build_events/bus_feed.hpp"
#include "app/build_events/notification_feed.hpp"
#include "app/postgres/pool.hpp"
#include "tests/flow/serve/serve_world.hpp"
#include "tests/support/program.hpp"

namespace heddle::test {

ListeningWorld::ListeningWorld() = default;

std::unique_ptr<EventListener> ListeningWorld::listen_to_queue(const std::string& api_url) {
    return std::make_unique<EventListener>(
        database_.url(),
        std::make_unique<NotificationFeed>(client_,
                                           ForgeAccess{"obs", "obs", "", api_url, true, ""},
                                           watch(),
                                           std::chrono::milliseconds(500)),
        watch(),
        kImpatient);
}

std::unique_ptr<EventListener> ListeningWorld::listen_to_bus(const BusOptions& options) {
    return std::make_unique<EventListener>(
        database_.url(), std::make_unique<BusFeed>(options, watch()), watch(), kImpatient);
}

void ListeningWorld::await_told(const std::function<bool()>& condition) { REQUIRE(eventually(condition)); }

EventWatch ListeningWorld::watch() {
    EventWatch watch;
    watch.heard = [this](EventSource, const std::string& type, int count) {
        {
            const std::lock_guard lock(mutex_);
            heard_[type] += count;
        }
        if (after_storing) after_storing();
    };
    watch.listening = [this](EventSource, bool on) { listening_ += on ? 1 : -1; };
    watch.missed = [this](pqxx::transaction_base&) { ++missed_; };
    return watch;
}

int ListeningWorld::heard(const std::string& type) {
    const std::lock_guard lock(mutex_);
    return heard_[type];
}

std::string ListeningWorld::ask(const std::string& query) {
    const auto connection = open_connection(database_.url());
    pqxx::work tx(*connection);
    std::string text;
    for (const pqxx::row& row : tx.exec(query)) {
        if (!text.empty()) text += ';';
        for (const pqxx::field& field : row)
            text += (field.num() == 0 ? "" : "|") + std::string(field.is_null() ? "" : field.c_str());
    }
    return text;
}

void ListeningWorld::tell(const std::string& statement) {
    const auto connection = open_connection(database_.url());
    pqxx::work tx(*connection);
    tx.exec(statement);
    tx.commit();
}

void ListeningWorld::await(const std::string& query, const std::string& answer) {
    CAPTURE(query);
    std::string last;
    const bool came = eventually([&] { return (last = ask(query)) == answer; });
    CAPTURE(last);
    CAPTURE(answer);
    REQUIRE(came);
}

void ListeningWorld::await_listening(int missed) {
    CAPTURE(missed);
    REQUIRE(eventually([&] { return listening_ > 0 && missed_ == missed; }));
}

std::string ListeningWorld::cut_listeners() {
    return ask(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND "
        "classid = 1214599253 AND granted AND "
        "database = (SELECT oid FROM pg_database WHERE datname = current_database())");
}

}  // namespace heddle::test
