// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/pool.hpp"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/socket.h>

#include <chrono>

namespace heddle {

Pool::Lease::Lease(Pool& pool, std::unique_ptr<pqxx::connection> connection)
    : pool_(&pool), connection_(std::move(connection)) {}

Pool::Lease::Lease(Lease&& other) noexcept
    : pool_(std::exchange(other.pool_, nullptr)),
      connection_(std::move(other.connection_)),
      broken_(other.broken_),
      tries_(other.tries_),
      loan_(other.loan_) {}

Pool::Lease::~Lease() {
    if (pool_) pool_->give_back(*this);
}

Pool::Pool(std::string url, std::size_t size, std::chrono::milliseconds patience)
    : url_(std::move(url)), size_(size), patience_(patience) {
    if (size_ == 0) throw std::logic_error("a pool needs at least one connection");
    idle_.reserve(size_);  // so that give_back never allocates
    if (patience_.count() > 0) watcher_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

Pool::~Pool() = default;

/// Returns when a connection may be had.
void Pool::await_turn(std::unique_lock<std::mutex>& lock) {
    if (patience_.count() == 0) return returned_.wait(lock, [&] { return out_ < size_; });
    const bool came = returned_.wait_for(lock, patience_ / 2, [&] { return out_ < size_ || silent_; });
    if (!came || out_ >= size_ || (silent_ && trying_))
        throw pqxx::broken_connection("the database does not answer");
}

std::unique_ptr<pqxx::connection> Pool::take_idle() {
    while (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        if (is_fit(*connection)) return connection;
    }
    return nullptr;
}

Pool::Lease Pool::acquire() {
    const Clock::time_point asked_at = Clock::now();
    std::unique_lock lock(mutex_);
    await_turn(lock);
    ++out_;
    Lease lease(*this, take_idle());
    lease.tries_ = silent_;
    trying_ = trying_ || silent_;
    lock.unlock();
    if (!lease.connection_) lease.connection_ = open_connection(url_for_opening());
    if (patience_.count() > 0) lend(lease, asked_at);
    return lease;
}

/// A frozen server lets itself be connected to, and then says nothing.
std::string Pool::url_for_opening() const {
    if (patience_.count() == 0 || url_.find("connect_timeout") != std::string::npos) return url_;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(patience_).count();
    const bool is_uri = url_.find("://") != std::string::npos;
    const std::string lead = !is_uri ? " " : url_.find('?') == std::string::npos ? "?" : "&";
    return url_ + lead + "connect_timeout=" + std::to_string(seconds);
}

void Pool::lend(Lease& lease, Clock::time_point asked_at) {
    const std::lock_guard lock(mutex_);
    lease.loan_ = loans_.insert(loans_.end(), {lease.connection_->sock(), asked_at + patience_, false});
}

void Pool::give_back(Lease& lease) {
    {
        const std::lock_guard lock(mutex_);
        --out_;
        const bool cut = lease.loan_ && (*lease.loan_)->cut;
        const bool fit = lease.connection_ && !lease.broken_ && !cut && lease.connection_->is_open();
        if (lease.loan_) loans_.erase(*lease.loan_);
        if (fit) {
            idle_.push_back(std::move(lease.connection_));
            silent_ = false;
        }
        if (fit || lease.tries_) trying_ = false;
    }
    returned_.notify_one();
}

void Pool::watch(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        stopping_.wait_for(lock, stop, patience_ / 8, [] { return false; });
        cut_overdue();
    }
}

/// The borrower's call sees the end of the connection. The socket stays open until it has.
void Pool::cut_overdue() {
    for (Loan& loan : loans_) {
        if (loan.cut || Clock::now() < loan.until) continue;
        ::shutdown(loan.socket, SHUT_RDWR);
        loan.cut = silent_ = true;
        returned_.notify_all();
    }
}

bool is_fit(const pqxx::connection& connection) {
    if (!connection.is_open()) return false;
    // It has nothing to say unasked. When it does, the server has ended it (restart, administrator).
    pollfd socket{connection.sock(), POLLIN, 0};
    return ::poll(&socket, 1, 0) == 0;
}

bool is_connection_url(const std::string& url) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parts(
        PQconninfoParse(url.c_str(), nullptr), PQconninfoFree);
    return parts != nullptr;
}

std::unique_ptr<pqxx::connection> open_connection(const std::string& url) {
    auto connection = std::make_unique<pqxx::connection>(url);
    // libpqxx would reconnect by itself and silently lose the session's locks and settings.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection->inhibit_reactivation(true);
#pragma GCC diagnostic pop
    // What the environment (PGTZ, PGCLIENTENCODING, PGOPTIONS) or the role's defaults say must not matter.
    static const std::string kSettings = R"sql(
        SET application_name = 'heddle';
        SET client_encoding = 'UTF8';
        SET client_min_messages = 'warning';
        SET default_transaction_isolation = 'read committed';
        SET timezone = 'UTC';
        SET search_path = public)sql";
    pqxx::nontransaction(*connection).exec(kSettings);
    return connection;
}

}  // namespace heddle
