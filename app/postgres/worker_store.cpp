// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/worker_store.hpp"

#include <unistd.h>

#include <array>

#include "app/postgres/array_text.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {
namespace {

std::string host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

/// Workers of this database whose session lock is held.
const std::string kLivingWorkers = R"sql(
    SELECT objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND classid = 1214599249 AND objsubid = 2 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) )sql";

}  // namespace

WorkerSeat take_seat(const std::string& url) {
    // The row appears together with the lock: nobody sees a worker that seems dead.
    static const std::string kTakeSeat = "INSERT INTO workers (host, pid) VALUES ($1, $2) RETURNING id";
    static const std::string kLockSeat = "SELECT pg_advisory_lock(1214599249, $1)";
    WorkerSeat seat{open_connection(url), 0};
    pqxx::work tx(*seat.connection);
    seat.id = tx.exec_params1(kTakeSeat, host_name(), static_cast<int>(::getpid()))[0].as<int>();
    tx.exec_params1(kLockSeat, seat.id);
    tx.commit();
    return seat;
}

void keep_seat(WorkerSeat& seat, const std::string& url) {
    // Never waits: should a session of before still hold the lock, the next call gets it.
    static const std::string kLockAgain = "SELECT pg_try_advisory_lock(1214599249, $1)";
    static const std::string kStoreAgain = R"sql(
        INSERT INTO workers (id, host, pid) OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING)sql";
    if (seat.connection && is_fit(*seat.connection)) return;
    seat.connection.reset();
    auto connection = open_connection(url);
    pqxx::work tx(*connection);
    if (!tx.exec_params1(kLockAgain, seat.id)[0].as<bool>()) return;
    tx.exec_params0(kStoreAgain, seat.id, host_name(), static_cast<int>(::getpid()));
    tx.commit();
    seat.connection = std::move(connection);
}

bool leave_seat(WorkerSeat& seat) {
    static const std::string kLeaveSeat = R"sql(
        DELETE FROM workers w WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM jobs WHERE worker_id = w.id))sql";
    const auto connection = std::move(seat.connection);
    if (!connection) return false;
    try {
        pqxx::work tx(*connection);
        tx.exec_params0(kLeaveSeat, seat.id);
        tx.commit();
        return true;
    } catch (const pqxx::failure&) {
        return false;
    }
}

void move_jobs(pqxx::transaction_base& tx, int from, int to, const std::vector<std::int64_t>& ids) {
    static const std::string kMove = R"sql(
        UPDATE jobs SET worker_id = $2
        WHERE worker_id = $1 AND state = 'running' AND id = ANY ($3::bigint[]))sql";
    tx.exec_params0(kMove, from, to, array_text(ids));
}

Rescue rescue_jobs(pqxx::transaction_base& tx, int limit) {
    static const std::string kFindLeft = R"sql(
        SELECT id, kind, key, payload, attempt, failures, max_attempts, repeats FROM jobs
        WHERE state = 'running'
          AND (lease_until < clock_timestamp() OR worker_id NOT IN ()sql" +
                                         kLivingWorkers + R"sql())
        ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)sql";
    static const std::string kNote =
        "UPDATE jobs SET repeats = repeats + 1, error = 'its worker died or hung' WHERE id = $1";
    Rescue rescue;
    for (const pqxx::row& row : tx.exec_params(kFindLeft, limit)) {
        const Job job = read_job(row);
        tx.exec_params0(kNote, job.id);
        if (job.repeats + 1 >= kMostRepeats) {
            rescue.hopeless.push_back(job);
            continue;
        }
        give_back_job(tx, job);
        rescue.returned.push_back(job);
    }
    return rescue;
}

void drop_dead_workers(pqxx::transaction_base& tx) {
    static const std::string kDropDead = R"sql(
        DELETE FROM workers w
        WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE worker_id = w.id)
          AND id NOT IN ()sql" + kLivingWorkers +
                                         ")";
    tx.exec_params0(kDropDead);
}

}  // namespace heddle
