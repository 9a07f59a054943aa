// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "app/postgres/job_store.hpp"

namespace heddle {

/// A process's seat among the workers: a row and, for as long as the connection lives, the session lock
/// (1214599249, id). When the lock is gone, everybody knows that the process is dead.
struct WorkerSeat {
    std::unique_ptr<pqxx::connection> connection;  // holds the lock; may be used by the owner's one thread
    int id = 0;
};

/// Opens a connection of its own and takes a seat. Throws pqxx::broken_connection.
WorkerSeat take_seat(const std::string& url);
/// Where the seat's connection has broken, takes it again under the same number, so that what is in hand
/// stays ours unless somebody has rescued it meanwhile. Throws pqxx::broken_connection.
void keep_seat(WorkerSeat& seat, const std::string& url);
/// Gives the seat up at a regular end. False: the database is gone; so is the lock, and the next rescuer
/// drops the row.
bool leave_seat(WorkerSeat& seat);

/// The jobs in hand that nobody has taken since the old seat was lost.
void move_jobs(pqxx::transaction_base& tx, int from, int to, const std::vector<std::int64_t>& ids);

/// Jobs whose lease ran out or whose worker is dead go back into the queue, uncounted but noted; one that was
/// left unfinished too often is returned to be buried (its row is locked and still running). At most `limit`.
struct Rescue {
    std::vector<Job> returned;
    std::vector<Job> hopeless;
};
Rescue rescue_jobs(pqxx::transaction_base& tx, int limit);
/// Forgets dead workers that have nothing left.
void drop_dead_workers(pqxx::transaction_base& tx);

/// So often may a job be left unfinished by a worker that died or hung, until it is suspected of killing
/// them.
inline constexpr int kMostRepeats = 100;

}  // namespace heddle
