// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "app/http/http_server.hpp"
#include "tests/support/captured_log.hpp"
#include "tests/support/raw_client.hpp"

namespace heddle::test {

using namespace std::chrono_literals;

/// A server on a free port of the loopback with a few routes. Change options and routes before start().
struct ServerWorld {
    ServerWorld() {
        options.server.host = "127.0.0.1";
        options.server.port = 0;
        options.threads = 2;
        routes.add(Route{"GET", "/", [this](const auto&) {
                             ++greetings;
                             return text("hello");
                         }});
        routes.add(Route{"POST", "/echo", [](const auto& request) { return text(request.body); }, 64 * 1024});
        routes.add(
            Route{"GET", "/names/{name}", [](const auto& request) { return text(request.segments[1]); }});
        routes.add(Route{"GET", "/smuggled", [this](const auto&) {
                             ++smuggled;
                             return text("oh");
                         }});
    }

    static ServerResponse text(std::string body) {
        ServerResponse response;
        response.body = std::move(body);
        return response;
    }

    void start() {
        server = std::make_unique<HttpServer>(options, std::move(routes));
        server->start();
    }
    RawClient client() const { return RawClient(server->port()); }
    RawAnswer ask(std::string_view bytes) const { return client().ask(bytes); }

    HttpServerOptions options;
    Routes routes;
    std::atomic<int> greetings = 0;
    std::atomic<int> smuggled = 0;
    std::unique_ptr<HttpServer> server;
};

inline std::string get(const std::string& target, const std::string& headers = "") {
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
}

inline std::string post(const std::string& target, const std::string& body, const std::string& headers = "") {
    return "POST " + target + " HTTP/1.1\r\nHost: x\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace heddle::test
