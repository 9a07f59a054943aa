// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace heddle {

/// Connections to one database, opened when first needed. Thread-safe; a lease belongs to one thread.
class Pool {
    using Clock = std::chrono::steady_clock;
    /// A connection that is out, where the pool does not wait for ever.
    struct Loan {
        int socket;
        Clock::time_point until;
        bool cut = false;
    };

public:
    /// A connection on loan. It goes back when the lease ends, or is thrown away when it is broken.
    class Lease {
    public:
        Lease(Pool& pool, std::unique_ptr<pqxx::connection> connection);
        ~Lease();
        Lease(Lease&& other) noexcept;
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        Lease& operator=(Lease&&) = delete;
        pqxx::connection& operator*() const { return *connection_; }
        pqxx::connection* operator->() const { return connection_.get(); }
        /// Do not use this connection again: its session is in an unknown state.
        void discard() { broken_ = true; }

    private:
        friend class Pool;
        Pool* pool_;
        std::unique_ptr<pqxx::connection> connection_;
        bool broken_ = false;
        bool tries_ = false;  // whether a silent database answers again
        std::optional<std::list<Loan>::iterator> loan_;
    };

    /// `url` as libpq takes it; `size`: at most so many at a time, the next caller waits, for half of
    /// `patience` at most. `patience`: a lease that is out for longer since it was asked for loses its
    /// connection (what waits for an answer then throws
    /// pqxx::broken_connection), since a frozen server would hold its borrower for ever; until the database
    /// answers again one borrower at a time tries, and acquire() throws at once for the others. 0: no limit.
    Pool(std::string url, std::size_t size, std::chrono::milliseconds patience = {});
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// Throws pqxx::broken_connection.
    Lease acquire();
    const std::string& url() const { return url_; }

private:
    friend class Lease;
    void await_turn(std::unique_lock<std::mutex>& lock);
    std::unique_ptr<pqxx::connection> take_idle();
    std::string url_for_opening() const;
    void lend(Lease& lease, Clock::time_point asked_at);
    void give_back(Lease& lease);
    void watch(const std::stop_token& stop);
    void cut_overdue();

    std::string url_;
    std::size_t size_;
    const std::chrono::milliseconds patience_;
    std::size_t out_ = 0;
    std::list<Loan> loans_;
    bool silent_ = false;  // the database did not answer within `patience`
    bool trying_ = false;  // somebody finds out whether it does again
    std::vector<std::unique_ptr<pqxx::connection>> idle_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::condition_variable_any stopping_;
    std::jthread watcher_;  // last: it ends first
};

/// Opens one connection of its own (LISTEN, session locks): never reconnects by itself, UTC, statement and
/// lock behaviour as in the pool. Throws pqxx::broken_connection.
std::unique_ptr<pqxx::connection> open_connection(const std::string& url);

/// A URL or a "key=value" text that names a database, whether or not it is there.
bool is_connection_url(const std::string& url);

/// An idle connection that listens for nothing is still there, as far as one can see without asking.
bool is_fit(const pqxx::connection& connection);

/// Runs `body(tx)` in one transaction, commits, and returns what it returned. Anything thrown rolls back.
/// Serialization failures and deadlocks are tried again (three times); `body` must bear that.
template <class Body>
auto in_transaction(Pool& pool, Body&& body) {
    for (int tries = 1;; ++tries) {
        Pool::Lease lease = pool.acquire();
        try {
            pqxx::work tx(*lease);
            if constexpr (std::is_void_v<decltype(body(tx))>) {
                body(tx);
                tx.commit();
                return;
            } else {
                auto result = body(tx);
                tx.commit();
                return result;
            }
        } catch (const pqxx::broken_connection&) {
            lease.discard();
            throw;
        } catch (const pqxx::in_doubt_error&) {
            lease.discard();
            throw;
        } catch (const pqxx::transaction_rollback&) {
            if (tries == 3) throw;
        }
    }
}

/// A nullable column: libpqxx 6.4 throws on NULL when asked for an optional.
template <class T>
std::optional<T> nullable(const pqxx::field& field) {
    return field.is_null() ? std::nullopt : std::optional<T>(field.as<T>());
}

}  // namespace heddle
