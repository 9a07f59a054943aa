// SPDX-License-Identifier: Apache-2.0
#include "app/http/http_server.hpp"

#include <spdlog/spdlog.h>

#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "app/http/connection.hpp"
#include "app/http/listener.hpp"
#include "app/http/socket_watch.hpp"
#include "app/http/work_queue.hpp"

namespace heddle {

struct HttpServer::Parts {
    Parts(HttpServerOptions given, Routes served)
        : options(std::move(given)), routes(std::move(served)), service(options, routes) {}

    void work();
    void advance(std::unique_ptr<Connection> connection);

    const HttpServerOptions options;
    const Routes routes;
    Service service;
    int port = 0;
    WorkQueue queue;
    std::optional<SocketWatch> watch;
    std::vector<std::thread> threads;
};

void HttpServer::Parts::work() {
    while (auto connection = queue.pop()) {
        try {
            advance(std::move(connection));
        } catch (const std::exception& error) {
            // Memory or descriptors ran out: this client is lost, the others are not.
            spdlog::error("a connection ended: {}", error.what());
        }
    }
}

void HttpServer::Parts::advance(std::unique_ptr<Connection> connection) {
    switch (connection->advance()) {
        case Connection::Next::Read: return watch->park(std::move(connection), false);
        case Connection::Next::Write: return watch->park(std::move(connection), true);
        case Connection::Next::Again: return queue.push(std::move(connection));
        case Connection::Next::Close: return;
    }
}

HttpServer::HttpServer(HttpServerOptions options, Routes routes)
    : parts_(std::make_unique<Parts>(std::move(options), std::move(routes))) {}

HttpServer::~HttpServer() {
    stop();
    for (std::thread& thread : parts_->threads) thread.join();
}

void HttpServer::start() {
    Parts& parts = *parts_;
    Socket listener = listen_on(parts.options.server);
    parts.port = port_of(listener);
    parts.watch.emplace(std::move(listener), parts.service, [&parts](auto connection) {
        parts.queue.push(std::move(connection));
    });
    for (int i = 0; i < parts.options.threads; ++i) parts.threads.emplace_back([&parts] { parts.work(); });
}

void HttpServer::stop() {
    Parts& parts = *parts_;
    if (!parts.watch || parts.service.stopping.exchange(true)) return;
    parts.watch->close_door();
    parts.service.wait_until_empty(parts.options.stop_deadline);
    parts.watch->stop();
    parts.queue.close();
}

int HttpServer::port() const { return parts_->port; }

}  // namespace heddle
