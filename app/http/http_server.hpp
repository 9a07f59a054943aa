// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "app/config/config.hpp"
#include "app/http/routes.hpp"

namespace heddle {

struct HttpServerOptions {
    ServerConfig server;
    int threads = 16;
    std::size_t most_bodies = 128 << 20;  // bytes of all bodies in memory at a time; beyond it: 503
    std::size_t most_head = 64 << 10;     // bytes of one request's head
};

/// HTTP/1.1 on guarded streams (design section 11): every head and body has a byte limit and a deadline,
/// whatever the client does. Throws WrongUse when it can't listen.
class HttpServer {
public:
    HttpServer(HttpServerOptions options, Routes routes);
    /// Stops.
    ~HttpServer();

    /// Listens and returns; requests are answered by threads of its own.
    void start();
    /// Takes no new request and waits for those in hand, at most 10 s.
    void stop();
    /// The port it listens on.
    int port() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace heddle
