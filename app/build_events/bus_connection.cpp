// SPDX-License-Identifier: Apache-2.0
#include "app/build_events/bus_connection.hpp"

#include <amqp.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>

#include <array>

#include "app/build_events/bus_trouble.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using std::chrono::milliseconds;

constexpr const char* kSystemCertificates = "/etc/ssl/certs/ca-certificates.crt";
constexpr amqp_channel_t kProbing = 1;  // a question that is answered with an error closes its channel
constexpr amqp_channel_t kListening = 2;
constexpr int kHeartbeat = 10;  // seconds; a server that is silent for twice as long is gone
constexpr int kLargestFrame = 131'072;
constexpr std::uint16_t kUnacknowledged = 500;
constexpr std::size_t kMostBytes = std::size_t{1} << 20;

timeval as_timeval(milliseconds time) {
    return {static_cast<time_t>(time.count() / 1000), static_cast<suseconds_t>(time.count() % 1000 * 1000)};
}

/// Points into `text`, which must stay.
amqp_bytes_t as_bytes(const std::string& text) {
    amqp_bytes_t bytes;
    bytes.len = text.size();
    bytes.bytes = const_cast<char*>(text.data());
    return bytes;
}

std::string as_text(amqp_bytes_t bytes) {
    return bytes.len == 0 ? "" : std::string(static_cast<const char*>(bytes.bytes), bytes.len);
}

amqp_table_entry_t entry_of(const char* name, amqp_field_value_t value) {
    amqp_table_entry_t entry;
    entry.key = amqp_cstring_bytes(name);
    entry.value = value;
    return entry;
}

/// What the server or the library complained of.
std::string complaint_of(const amqp_rpc_reply_t& reply) {
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION) return amqp_error_string2(reply.library_error);
    if (reply.reply_type != AMQP_RESPONSE_SERVER_EXCEPTION) return "there was no answer";
    if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD)
        return as_text(static_cast<amqp_connection_close_t*>(reply.reply.decoded)->reply_text);
    if (reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD)
        return as_text(static_cast<amqp_channel_close_t*>(reply.reply.decoded)->reply_text);
    return "an answer that was not expected";
}

}  // namespace

struct BusConnection::Parts {
    explicit Parts(const BusOptions& given) : options(given) {}
    ~Parts() {
        if (connection) amqp_destroy_connection(connection);
    }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    [[noreturn]] void fail(const std::string& why, RemoteError::Kind kind = RemoteError::Kind::Retry) const {
        throw RemoteError(kind, "listen to " + options.url.place(), one_line(why));
    }
    void check(const amqp_rpc_reply_t& reply) const {
        if (reply.reply_type != AMQP_RESPONSE_NORMAL) fail(complaint_of(reply));
    }
    void check_last() const { check(amqp_get_rpc_reply(connection)); }

    void open();
    amqp_socket_t* new_socket();
    void log_in();
    void look_for_exchange();
    bool has_queue();
    std::string make_queue();
    void consume(const std::string& queue);

    const BusOptions options;
    amqp_connection_state_t connection = nullptr;
    bool is_new_queue = true;
};

amqp_socket_t* BusConnection::Parts::new_socket() {
    if (!options.url.tls) return amqp_tcp_socket_new(connection);
    amqp_socket_t* socket = amqp_ssl_socket_new(connection);
    if (!socket) return nullptr;
    const std::string file = options.ca_file.empty() ? kSystemCertificates : options.ca_file;
    if (amqp_ssl_socket_set_cacert(socket, file.c_str()) != AMQP_STATUS_OK)
        fail("the certificates in " + file + " can't be read");
    amqp_ssl_socket_set_verify_peer(socket, 1);
    amqp_ssl_socket_set_verify_hostname(socket, 1);
    amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST);
    return socket;
}

void BusConnection::Parts::open() {
    connection = amqp_new_connection();
    if (!connection) throw std::bad_alloc();
    // Each of the three has a way to hang of its own.
    const timeval patience = as_timeval(options.patience);
    amqp_set_handshake_timeout(connection, &patience);
    amqp_set_rpc_timeout(connection, &patience);
    amqp_socket_t* socket = new_socket();
    if (!socket) throw std::bad_alloc();
    const int status =
        amqp_socket_open_noblock(socket, options.url.host.c_str(), options.url.port, &patience);
    if (status != AMQP_STATUS_OK) fail(describe_bus_trouble(status, options.url));
    log_in();
}

void BusConnection::Parts::log_in() {
    // Unasked, the server does not tell that the queue was deleted.
    amqp_field_value_t yes;
    yes.kind = AMQP_FIELD_KIND_BOOLEAN;
    yes.value.boolean = 1;
    std::array capabilities{entry_of("consumer_cancel_notify", yes)};
    amqp_field_value_t table;
    table.kind = AMQP_FIELD_KIND_TABLE;
    table.value.table = {static_cast<int>(capabilities.size()), capabilities.data()};
    amqp_field_value_t name;
    name.kind = AMQP_FIELD_KIND_UTF8;
    name.value.bytes = amqp_cstring_bytes("heddle");
    std::array entries{entry_of("capabilities", table), entry_of("product", name)};
    const amqp_table_t properties{static_cast<int>(entries.size()), entries.data()};
    const amqp_rpc_reply_t reply = amqp_login_with_properties(connection,
                                                              options.url.vhost.c_str(),
                                                              0,
                                                              kLargestFrame,
                                                              kHeartbeat,
                                                              &properties,
                                                              AMQP_SASL_METHOD_PLAIN,
                                                              options.url.user.c_str(),
                                                              options.url.password.c_str());
    if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION)
        fail(complaint_of(reply), RemoteError::Kind::BadCredentials);
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION) {
        // Somebody does listen, or there would be no socket.
        const bool broke = reply.library_error == AMQP_STATUS_SOCKET_ERROR;
        fail(describe_bus_trouble(broke ? AMQP_STATUS_CONNECTION_CLOSED : reply.library_error, options.url));
    }
    check(reply);
    for (const amqp_channel_t channel : {kProbing, kListening}) {
        amqp_channel_open(connection, channel);
        check_last();
    }
}

void BusConnection::Parts::look_for_exchange() {
    // Passive: whoever publishes knows what kind of exchange it is, and we may not be allowed to make one.
    amqp_exchange_declare(connection,
                          kListening,
                          as_bytes(options.exchange),
                          amqp_cstring_bytes("topic"),
                          1,
                          0,
                          0,
                          0,
                          amqp_empty_table);
    check_last();
}

bool BusConnection::Parts::has_queue() {
    amqp_queue_declare(connection, kProbing, as_bytes(options.queue), 1, 0, 0, 0, amqp_empty_table);
    const amqp_rpc_reply_t reply = amqp_get_rpc_reply(connection);
    if (reply.reply_type == AMQP_RESPONSE_NORMAL) return true;
    const bool missing =
        reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION && reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD &&
        static_cast<amqp_channel_close_t*>(reply.reply.decoded)->reply_code == AMQP_NOT_FOUND;
    if (!missing) check(reply);
    amqp_channel_close_ok_t closed{};
    if (amqp_send_method(connection, kProbing, AMQP_CHANNEL_CLOSE_OK_METHOD, &closed) != AMQP_STATUS_OK)
        fail("the connection broke");
    return false;
}

std::string BusConnection::Parts::make_queue() {
    const bool own = options.queue.empty();
    is_new_queue = own || !has_queue();
    const amqp_queue_declare_ok_t* made = amqp_queue_declare(
        connection, kListening, as_bytes(options.queue), 0, !own, own, own, amqp_empty_table);
    check_last();
    return as_text(made->queue);
}

void BusConnection::Parts::consume(const std::string& queue) {
    amqp_queue_bind(connection,
                    kListening,
                    as_bytes(queue),
                    as_bytes(options.exchange),
                    as_bytes(options.topic),
                    amqp_empty_table);
    check_last();
    amqp_basic_qos(connection, kListening, 0, kUnacknowledged, 0);
    check_last();
    amqp_basic_consume(connection, kListening, as_bytes(queue), amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
    check_last();
}

BusConnection::BusConnection(const BusOptions& options) : parts_(std::make_unique<Parts>(options)) {
    parts_->open();
    parts_->look_for_exchange();
    parts_->consume(parts_->make_queue());
}

BusConnection::~BusConnection() = default;

bool BusConnection::is_new_queue() const { return parts_->is_new_queue; }

std::optional<BusMessage> BusConnection::receive(milliseconds wait) {
    amqp_maybe_release_buffers(parts_->connection);
    const timeval limit = as_timeval(wait);
    amqp_envelope_t envelope;
    const amqp_rpc_reply_t reply = amqp_consume_message(parts_->connection, &envelope, &limit, 0);
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION) {
        if (reply.library_error == AMQP_STATUS_TIMEOUT) return std::nullopt;
        if (reply.library_error == AMQP_STATUS_UNEXPECTED_STATE)
            parts_->fail("the server ended the channel or deleted the queue");
    }
    parts_->check(reply);
    BusMessage message;
    message.tag = envelope.delivery_tag;
    message.routing_key = as_text(envelope.routing_key);
    message.too_large = envelope.message.body.len > kMostBytes;
    if (!message.too_large) message.body = as_text(envelope.message.body);
    amqp_destroy_envelope(&envelope);
    return message;
}

void BusConnection::acknowledge(std::uint64_t tag) {
    const int status = amqp_basic_ack(parts_->connection, kListening, tag, 1);
    if (status != AMQP_STATUS_OK) parts_->fail(amqp_error_string2(status));
}

}  // namespace heddle
