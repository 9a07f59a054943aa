// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/pool.hpp"

#include <libpq-fe.h>
#include <poll.h>

namespace heddle {

Pool::Lease::Lease(Pool& pool, std::unique_ptr<pqxx::connection> connection)
    : pool_(&pool), connection_(std::move(connection)) {}

Pool::Lease::Lease(Lease&& other) noexcept
    : pool_(other.pool_), connection_(std::move(other.connection_)), broken_(other.broken_) {}

Pool::Lease::~Lease() {
    if (connection_) pool_->give_back(std::move(connection_), broken_);
}

Pool::Pool(std::string url, std::size_t size) : url_(std::move(url)), size_(size) {
    if (size_ == 0) throw std::logic_error("a pool needs at least one connection");
    idle_.reserve(size_);  // so that give_back never allocates
}

Pool::Lease Pool::acquire() {
    std::unique_ptr<pqxx::connection> connection;
    {
        std::unique_lock lock(mutex_);
        returned_.wait(lock, [&] { return out_ < size_; });
        ++out_;
        while (!connection && !idle_.empty()) {
            connection = std::move(idle_.back());
            idle_.pop_back();
            if (!is_fit(*connection)) connection.reset();
        }
    }
    if (connection) return {*this, std::move(connection)};
    try {
        return {*this, open_connection(url_)};
    } catch (...) {
        give_back(nullptr, true);
        throw;
    }
}

void Pool::give_back(std::unique_ptr<pqxx::connection> connection, bool broken) {
    {
        const std::lock_guard lock(mutex_);
        --out_;
        if (connection && !broken && connection->is_open()) idle_.push_back(std::move(connection));
    }
    returned_.notify_one();
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
