// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/config/amqp_url.hpp"

namespace heddle {

/// Where to listen, and to what.
struct BusOptions {
    AmqpUrl url;
    std::string ca_file;  // PEM, in place of the system's certificates; empty: those
    std::string exchange;
    std::string topic;
    std::string queue;  // durable; empty: one of our own that ends with the connection
    std::chrono::milliseconds patience{3'000};  // with each answer of the server
};

/// A message that waits for its acknowledgement.
struct BusMessage {
    std::uint64_t tag = 0;
    std::string routing_key;
    std::string body;
    bool too_large = false;  // then it has no body
};

/// A consumer of a topic on a RabbitMQ server (AMQP 0-9-1, by librabbitmq). The exchange must be there; the
/// queue is made and bound where it is missing. For one thread; heartbeats go out while it receives.
class BusConnection {
public:
    /// Throws RemoteError with what the server said.
    explicit BusConnection(const BusOptions& options);
    ~BusConnection();
    BusConnection(const BusConnection&) = delete;
    BusConnection& operator=(const BusConnection&) = delete;

    /// The queue was made now: it does not have what was told before.
    bool is_new_queue() const;
    /// The next message; nullopt: none came within `wait`. Throws RemoteError when the connection or the
    /// queue is gone.
    std::optional<BusMessage> receive(std::chrono::milliseconds wait);
    /// The server forgets this message and all before it. Throws RemoteError.
    void acknowledge(std::uint64_t tag);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace heddle
