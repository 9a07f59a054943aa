// SPDX-License-Identifier: Apache-2.0
#include "tests/support/rabbitmq.hpp"

#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <vector>

#include "app/postgres/server_programs.hpp"

namespace heddle::test {
namespace {

namespace fs = std::filesystem;

constexpr amqp_channel_t kChannel = 1;

amqp_bytes_t as_bytes(const std::string& text) { return {text.size(), const_cast<char*>(text.data())}; }

void make_certificate(const fs::path& folder) {
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    const pid_t program = start_program({"/usr/bin/openssl",
                                         "req",
                                         "-x509",
                                         "-newkey",
                                         "rsa:2048",
                                         "-nodes",
                                         "-days",
                                         "2",
                                         "-subj",
                                         "/CN=localhost",
                                         "-addext",
                                         "subjectAltName=DNS:localhost,IP:127.0.0.1",
                                         "-keyout",
                                         folder / "key.pem",
                                         "-out",
                                         folder / "cert.pem"},
                                        nowhere);
    ::close(nowhere);
    if (wait_for_program(program) != 0) throw std::runtime_error("openssl made no certificate");
}

}  // namespace

/// A connection as a publisher has it, with confirmations.
class RabbitMq::Client {
public:
    explicit Client(int port) : connection_(amqp_new_connection()) {
        const timeval patience{5, 0};
        amqp_set_handshake_timeout(connection_, &patience);
        amqp_set_rpc_timeout(connection_, &patience);
        amqp_socket_t* socket = amqp_tcp_socket_new(connection_);
        if (amqp_socket_open_noblock(socket, "127.0.0.1", port, &patience) != AMQP_STATUS_OK) return;
        const auto reply =
            amqp_login(connection_, "/", 0, 131'072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest");
        if (reply.reply_type != AMQP_RESPONSE_NORMAL) return;
        amqp_channel_open(connection_, kChannel);
        amqp_confirm_select(connection_, kChannel);
        good_ = amqp_get_rpc_reply(connection_).reply_type == AMQP_RESPONSE_NORMAL;
    }
    ~Client() { amqp_destroy_connection(connection_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    bool good() const { return good_; }

    void check() const {
        if (amqp_get_rpc_reply(connection_).reply_type != AMQP_RESPONSE_NORMAL)
            throw std::runtime_error("RabbitMQ refuses");
    }
    void add_exchange(const std::string& exchange) const {
        amqp_exchange_declare(connection_,
                              kChannel,
                              as_bytes(exchange),
                              amqp_cstring_bytes("topic"),
                              0,
                              1,
                              0,
                              0,
                              amqp_empty_table);
        check();
    }
    void publish(const std::string& exchange, const std::string& key, const std::string& body) const {
        amqp_basic_properties_t properties{};
        properties._flags = AMQP_BASIC_DELIVERY_MODE_FLAG;
        properties.delivery_mode = 2;
        const int status = amqp_basic_publish(
            connection_, kChannel, as_bytes(exchange), as_bytes(key), 0, 0, &properties, as_bytes(body));
        amqp_method_t confirmed;
        const timeval patience{20, 0};
        amqp_frame_t frame;
        if (status != AMQP_STATUS_OK ||
            amqp_simple_wait_frame_noblock(connection_, &frame, &patience) != AMQP_STATUS_OK ||
            frame.frame_type != AMQP_FRAME_METHOD ||
            (confirmed = frame.payload.method).id != AMQP_BASIC_ACK_METHOD)
            throw std::runtime_error("RabbitMQ did not take a message");
        amqp_maybe_release_buffers(connection_);
    }
    int waiting(const std::string& queue) const {
        const auto* found =
            amqp_queue_declare(connection_, kChannel, as_bytes(queue), 1, 0, 0, 0, amqp_empty_table);
        return found ? static_cast<int>(found->message_count) : -1;
    }
    void remove_queue(const std::string& queue) const {
        amqp_queue_delete(connection_, kChannel, as_bytes(queue), 0, 0);
        check();
    }

private:
    amqp_connection_state_t connection_;
    bool good_ = false;
};

RabbitMq::RabbitMq() {
    if (!fs::exists("/usr/lib/rabbitmq/bin/rabbitmq-server"))
        throw std::runtime_error("rabbitmq-server is missing: apt-get install rabbitmq-server");
    make_certificate(folder_.path());
    fs::create_directory(folder_.path() / "home");
    std::ofstream(folder_.path() / "plugins") << "[].\n";
    for (int tries = 1;; ++tries) {
        port_ = free_port();
        tls_port_ = free_port();
        names_port_ = free_port();
        distribution_port_ = free_port();
        try {
            start();
            return;
        } catch (const std::exception&) {
            kill_hard();
            if (tries == 3) throw;
        }
    }
}

RabbitMq::~RabbitMq() = default;

RabbitMq& RabbitMq::shared() {
    static RabbitMq server;
    return server;
}

void RabbitMq::start() {
    const std::string folder = folder_.path();
    std::ofstream(folder + "/rabbitmq.conf")
        << "listeners.tcp.1 = 127.0.0.1:" << port_ << "\nlisteners.ssl.1 = 127.0.0.1:" << tls_port_
        << "\nssl_options.cacertfile = " << folder << "/cert.pem\nssl_options.certfile = " << folder
        << "/cert.pem\nssl_options.keyfile = " << folder << "/key.pem\n";
    const std::string names = std::to_string(names_port_);
    // Started by itself it would become a daemon that outlives us.
    servers_.start({"/usr/bin/epmd", "-port", names, "-address", "127.0.0.1"}, folder + "/epmd.log", nullptr);
    const std::string log = folder + "/rabbitmq.log";
    const bool ready =
        servers_.start({"/usr/bin/env",
                        "HOME=" + folder + "/home",
                        "RABBITMQ_NODENAME=heddle" + std::to_string(port_) + "@localhost",
                        "RABBITMQ_CONF_ENV_FILE=" + folder + "/none",
                        "RABBITMQ_CONFIG_FILE=" + folder + "/rabbitmq.conf",
                        "RABBITMQ_MNESIA_BASE=" + folder + "/mnesia",
                        "RABBITMQ_LOG_BASE=" + folder + "/log",
                        "RABBITMQ_LOGS=-",
                        "RABBITMQ_ENABLED_PLUGINS_FILE=" + folder + "/plugins",
                        "RABBITMQ_PID_FILE=" + folder + "/pid",
                        "RABBITMQ_DIST_PORT=" + std::to_string(distribution_port_),
                        "ERL_EPMD_PORT=" + names,
                        "ERL_EPMD_ADDRESS=127.0.0.1",
                        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}",
                        "/usr/lib/rabbitmq/bin/rabbitmq-server"},
                       log,
                       [this] { return answers(); });
    if (!ready) throw std::runtime_error("RabbitMQ does not get ready:\n" + text_of_file(log));
}

bool RabbitMq::answers() {
    client_ = std::make_unique<Client>(port_);
    return client_->good();
}

void RabbitMq::kill_hard() {
    client_.reset();
    servers_.kill_hard();
}

void RabbitMq::start_again() { start(); }

/// A refusal closes its channel, so each question has a connection of its own; publishing keeps one.
RabbitMq::Client& RabbitMq::client() {
    if (!client_ || !client_->good()) client_ = std::make_unique<Client>(port_);
    if (!client_->good()) throw std::runtime_error("RabbitMQ is not there");
    return *client_;
}

void RabbitMq::add_exchange(const std::string& exchange) { client().add_exchange(exchange); }
void RabbitMq::publish(const std::string& exchange, const std::string& key, const std::string& body) {
    client().publish(exchange, key, body);
}
int RabbitMq::waiting(const std::string& queue) { return Client(port_).waiting(queue); }
void RabbitMq::remove_queue(const std::string& queue) { Client(port_).remove_queue(queue); }

}  // namespace heddle::test
