// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/worker_session.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "app/postgres/database_trouble.hpp"

namespace heddle {
namespace {

using Clock = std::chrono::steady_clock;

// How soon a stop is noticed; a notification is heard at once.
constexpr int kEarMicroseconds = 100'000;

class Ear final : public pqxx::notification_receiver {
public:
    Ear(pqxx::connection_base& connection, const std::function<void()>& heard)
        : pqxx::notification_receiver(connection, "heddle_jobs"), heard_(heard) {}
    void operator()(const std::string&, int) override { heard_(); }

private:
    const std::function<void()>& heard_;
};

void pause(const std::stop_token& stop, std::chrono::milliseconds time) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace

WorkerSession::WorkerSession(std::string url,
                             WorkerSessionOptions options,
                             std::function<std::vector<std::int64_t>()> in_hand,
                             std::function<void()> heard)
    : url_(std::move(url)),
      options_(options),
      in_hand_(std::move(in_hand)),
      heard_(std::move(heard)),
      seat_(take_seat(url_)) {
    worker_id_ = seat_.id;
    thread_ = std::jthread([this](const std::stop_token& stop) { loop(stop); });
}

WorkerSession::~WorkerSession() {
    thread_.request_stop();
    thread_.join();
    if (!leave_seat(seat_)) spdlog::debug("worker {} could not leave its seat", seat_.id);
}

void WorkerSession::loop(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        try {
            if (!seat_.connection) take_new_seat();
            attend(stop);
        } catch (const std::exception& error) {
            spdlog::warn("the connection of worker {} broke: {}", worker_id_.load(), in_one_sentence(error));
            seat_.connection.reset();
            pause(stop, std::chrono::milliseconds(500));
        }
    }
}

void WorkerSession::attend(const std::stop_token& stop) {
    const Ear ear(*seat_.connection, heard_);
    heard_();  // something may have come while nobody listened
    auto next = Clock::now() + options_.renew;
    while (!stop.stop_requested()) {
        seat_.connection->await_notification(0, kEarMicroseconds);
        if (Clock::now() < next) continue;
        next = Clock::now() + options_.renew;
        renew();
    }
}

/// A run that records step after step has its row locked nearly always: it is waited for in a queue, or no
/// renewal would ever find it free. One row in a transaction, so that who waits holds nothing.
void WorkerSession::renew() {
    std::vector<std::int64_t> locked;
    {
        pqxx::work tx(*seat_.connection);
        locked = renew_leases(tx, seat_.id, in_hand_(), options_.lease);
        tx.commit();
    }
    for (const std::int64_t id : locked) {
        const auto share = options_.patience / static_cast<std::int64_t>(locked.size());
        try {
            pqxx::work tx(*seat_.connection);
            renew_locked_lease(
                tx, seat_.id, id, options_.lease, std::max(share, std::chrono::milliseconds(1)));
            tx.commit();
        } catch (const pqxx::sql_error& error) {
            if (!is_cut_off(error)) throw;
            // The lease has time left for other rounds.
        }
    }
}

void WorkerSession::take_new_seat() {
    const int old = seat_.id;
    seat_ = take_seat(url_);
    pqxx::work tx(*seat_.connection);
    move_jobs(tx, old, seat_.id, in_hand_());
    tx.commit();
    worker_id_ = seat_.id;
}

}  // namespace heddle
