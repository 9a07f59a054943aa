// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>

#include "app/config/config.hpp"
#include "app/http/refusal.hpp"
#include "app/http/routes.hpp"

namespace heddle {

struct HttpServerOptions {
    ServerConfig server;
    int threads = 16;
    std::size_t most_bodies = 128 << 20;  // bytes of all bodies in memory at a time; beyond it: 503
    std::size_t most_head = 64 << 10;     // bytes of one request's head
    std::size_t most_connections = 4096;  // beyond it those that have waited longest for a request end
    /// Totals, whatever arrives in between.
    std::chrono::milliseconds head_deadline{10'000};
    std::chrono::milliseconds body_deadline{30'000};
    std::chrono::milliseconds answer_deadline{30'000};  // until the client has taken the whole answer
    std::chrono::milliseconds idle_deadline{60'000};    // between two requests of one connection
    std::chrono::milliseconds linger_deadline{2'000};   // for a client that still sends what was refused
    std::chrono::milliseconds stop_deadline{10'000};
    /// What an exception of a handler is told as; nullopt, or none: 500.
    std::function<std::optional<Refusal>(const std::exception&)> refusal_of;
};

/// HTTP/1.1 on guarded streams (design section 11): every head and body has a byte limit and a deadline,
/// whatever the client does. A thread belongs to a connection only while a request is being answered: no
/// number of slow or idle clients holds up the others.
class HttpServer {
public:
    HttpServer(HttpServerOptions options, Routes routes);
    /// Stops, and waits for answers that are still being made: they use what the caller is about to destroy.
    ~HttpServer();

    /// Listens and returns; requests are answered by threads of its own. Throws WrongUse when it can't
    /// listen.
    void start();
    /// Takes no new request and waits for those in hand, at most `stop_deadline`.
    void stop();
    /// The port it listens on.
    int port() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace heddle
