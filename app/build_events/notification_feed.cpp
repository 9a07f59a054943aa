// SPDX-License-Identifier: Apache-2.0
// Each round asks twice: with block=1 it waits until there is something, and throws that answer away, for it
// is XML or JSON as it happens (obs-backend, section 5); what counts is the answer to the same without block.
// There is one queue for all readers. A question without noprune=1 drops what is 500 entries older than what
// is asked for (bs_srcserver, lastnotifications), and nothing else ever drops anything.
#include "app/build_events/notification_feed.hpp"

#include <spdlog/spdlog.h>

#include <cstdlib>
#include <utility>

#include "app/postgres/build_event_store.hpp"
#include "workflows/model/log_line.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// An answer has at most a thousand entries, each with the comment and the files of a commit.
constexpr std::size_t kMostEntries = 1000;
// So many read entries stay at least for slower readers, some MB; more would cost a backend seconds to sort
// out.
constexpr std::int64_t kKeptEntries = 10000;
constexpr std::int64_t kShortenedEvery = 1000;
constexpr std::size_t kMostBytes = std::size_t{64} << 20;
constexpr auto kAnswerPatience = 8s;  // a stop must not take longer
constexpr auto kQuick = 200ms;
constexpr const char* kDoing = "read the build service's notifications";

[[noreturn]] void retry_later(const std::string& why) {
    throw RemoteError(RemoteError::Kind::Retry, kDoing, why);
}

}  // namespace

NotificationFeed::NotificationFeed(HttpClient& client,
                                   ForgeAccess backend,
                                   EventWatch watch,
                                   std::chrono::milliseconds patience)
    : client_(client),
      backend_(std::move(backend)),
      watch_(std::move(watch)),
      patience_(patience),
      heard_(EventSource::Notifications, watch_) {}

void NotificationFeed::close() noexcept {
    position_.reset();
    heard_.forget();
}

bool NotificationFeed::listen(pqxx::connection& connection) {
    if (!position_) {
        pqxx::work tx(connection);
        position_ = find_queue_position(tx, backend_.api_url);
    }
    if (!position_) {
        const std::string repoid = ask_repoid();
        jump(connection, repoid, ask_from("").next, "nothing was read before", watch_.missed);
        return true;
    }
    shorten();
    const Notifications read = ask_from("start=" + std::to_string(position_->next) + "&noprune=1&");
    if (read.entries.empty() && !read.lost && read.next == position_->next) {
        // Woken up at once again and again, and for nothing: somebody between us can't wait.
        const bool in_vain = std::exchange(woken_at_once_, !wait()) && woken_at_once_;
        return !in_vain;
    }
    woken_at_once_ = false;
    take(connection, read);
    // What follows close behind gathers for a moment: many builds that end are not as many requests.
    return read.entries.size() >= kMostEntries;
}

void NotificationFeed::shorten() {
    const std::int64_t next = position_->next;
    if (next <= kKeptEntries || std::abs(next - shortened_at_) < kShortenedEvery) return;
    // Before it is tried: a queue that can't be shortened is no reason not to read it.
    shortened_at_ = next;
    ask("/lastnotifications?view=json&start=" + std::to_string(next - kKeptEntries), kAnswerPatience);
}

void NotificationFeed::take(pqxx::connection& connection, const Notifications& read) {
    // Asked after the answer: when it is still the same queue now, it was when it answered.
    const std::string repoid = ask_repoid();
    // What another backend does not know says nothing about the builds of the first, which may come back.
    if (repoid != position_->repoid) return jump(connection, repoid, 1, "it is another backend", {});
    const auto& missed = watch_.missed;
    if (read.lost)
        return jump(connection, repoid, read.next, "entries were dropped before they were read", missed);
    if (read.next < position_->next) return jump(connection, repoid, 1, "the queue begins again", missed);
    store(connection, read);
}

std::string NotificationFeed::ask(const std::string& target, std::chrono::milliseconds limit) {
    const HttpRequest request{"GET", backend_.api_url + target, {}, ""};
    const HttpResponse answer = client_.receive(backend_, request, Clock::now() + limit, kMostBytes, {});
    if (answer.status != 200) retry_later("it answered " + std::to_string(answer.status));
    return answer.body;
}

Notifications NotificationFeed::ask_from(const std::string& query) {
    auto read = read_notifications(ask("/lastnotifications?" + query + "view=json", kAnswerPatience));
    if (!read) retry_later("the answer is no list of notifications");
    const auto end = position_ ? position_->next + static_cast<std::int64_t>(read->entries.size()) : 0;
    if (position_ && !read->entries.empty() && read->next != end)
        retry_later("the answer does not count its entries as we do");
    return std::move(*read);
}

std::string NotificationFeed::ask_repoid() {
    auto repoid = read_repoid(ask("/", kAnswerPatience));
    if (!repoid) retry_later("the answer names no repoid");
    return std::move(*repoid);
}

bool NotificationFeed::wait() {
    const auto began = Clock::now();
    try {
        ask("/lastnotifications?start=" + std::to_string(position_->next) + "&noprune=1&block=1", patience_);
    } catch (const RemoteError&) {
        // Mostly that nothing came in time. What is really wrong the next question tells.
    }
    return Clock::now() - began >= kQuick;
}

void NotificationFeed::jump(pqxx::connection& connection,
                            const std::string& repoid,
                            std::int64_t next,
                            const std::string& because,
                            const decltype(EventWatch::missed)& missed) {
    pqxx::work tx(connection);
    const QueuePosition position = begin_queue(tx, backend_.api_url, repoid, next);
    if (missed) missed(tx);
    tx.commit();
    position_ = position;
    spdlog::info("{}",
                 LogLine("events_missed")
                     .add("source", to_string(source()))
                     .add("because", because)
                     .add("next", next)
                     .text());
}

void NotificationFeed::store(pqxx::connection& connection, const Notifications& read) {
    std::vector<BuildEvent> events;
    std::int64_t number = position_->next;
    for (const Notification& entry : read.entries) {
        const std::string id =
            position_->repoid + "/" + std::to_string(position_->generation) + "/" + std::to_string(number++);
        if (!heard_.take(entry.type, entry.read, "entry " + id)) continue;
        events.push_back(entry.read.event);
        events.back().id = id;
    }
    pqxx::work tx(connection);
    const int stored = store_build_events(tx, to_string(source()), events);
    if (!advance_queue(tx, backend_.api_url, *position_, read.next))
        retry_later("another process has read, too");
    tx.commit();
    position_->next = read.next;
    heard_.tell(stored);
}

}  // namespace heddle
