// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "tests/support/private_servers.hpp"
#include "tests/support/temporary_folder.hpp"

namespace heddle::test {

/// A private RabbitMQ, Debian's rabbitmq-server as it is: data, logs and free ports of its own, on 127.0.0.1
/// only, as whoever runs the test. Takes plain connections and TLS ones (with a certificate for localhost and
/// 127.0.0.1), user and password guest. Ready when the constructor returns (about 8 s); throws
/// std::runtime_error with the end of the log when it does not get ready. Ends with this object, and with the
/// test program if that dies.
class RabbitMq {
public:
    RabbitMq();
    ~RabbitMq();
    RabbitMq(const RabbitMq&) = delete;
    RabbitMq& operator=(const RabbitMq&) = delete;

    /// One for all tests of the program, started when it is first asked for.
    static RabbitMq& shared();

    int port() const { return port_; }
    int tls_port() const { return tls_port_; }
    /// PEM; what signs the server's certificate.
    std::filesystem::path ca_file() const { return folder_.path() / "cert.pem"; }

    void kill_hard();
    /// On the same ports and data; returns when it is ready.
    void start_again();

    /// Makes a durable topic exchange.
    void add_exchange(const std::string& exchange);
    /// Publishes a message that outlives the server; returns when it has it for good.
    void publish(const std::string& exchange, const std::string& routing_key, const std::string& body);
    /// Messages in a durable queue that are not with a consumer; -1: there is no such queue.
    int waiting(const std::string& queue);
    void remove_queue(const std::string& queue);

private:
    class Client;

    void start();
    bool answers();
    Client& client();

    TemporaryFolder folder_;
    int port_ = 0;
    int tls_port_ = 0;
    int names_port_ = 0;  // of epmd, where Erlang's nodes find each other
    int distribution_port_ = 0;
    std::unique_ptr<Client> client_;
    PrivateServers servers_{folder_.path()};  // last: they end first
};

}  // namespace heddle::test
