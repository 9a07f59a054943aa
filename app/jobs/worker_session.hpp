// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "app/postgres/worker_store.hpp"

namespace heddle {

struct WorkerSessionOptions {
    std::chrono::milliseconds lease{30'000};
    std::chrono::milliseconds renew{10'000};
    std::chrono::milliseconds patience{5'000};  // of one round of renewing, for rows that are locked
};

/// A process's presence among the workers, on one connection and in one thread: it holds the seat by which
/// others know that the process lives, renews the leases of what is in hand, and hears NOTIFY. When the
/// connection breaks it takes a new seat and keeps what nobody has taken meanwhile.
class WorkerSession {
public:
    /// `in_hand` names the jobs to keep, `heard` is called on NOTIFY; both from the session's thread. Takes
    /// the seat before it returns; throws pqxx::broken_connection.
    WorkerSession(std::string url,
                  WorkerSessionOptions options,
                  std::function<std::vector<std::int64_t>()> in_hand,
                  std::function<void()> heard);
    /// Leaves the seat.
    ~WorkerSession();

    int worker_id() const { return worker_id_; }

private:
    void loop(const std::stop_token& stop);
    /// Listens and renews until the connection breaks (thrown) or a stop is requested.
    void attend(const std::stop_token& stop);
    void renew();
    void take_new_seat();

    std::string url_;
    WorkerSessionOptions options_;
    std::function<std::vector<std::int64_t>()> in_hand_;
    std::function<void()> heard_;
    WorkerSeat seat_;
    std::atomic<int> worker_id_{0};
    std::jthread thread_;
};

}  // namespace heddle
