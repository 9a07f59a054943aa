// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heddle {

/// Where a message bus is, and who we are there (RabbitMQ's URI specification).
struct AmqpUrl {
    bool tls = false;
    std::string host;  // an IPv6 address without its brackets
    int port = 0;
    std::string user = "guest";
    std::string password;  // a secret
    std::string vhost = "/";

    /// What a log may show: "amqps://rabbit.example.org:5671/vhost", without user and password.
    std::string place() const;
};

/// Nothing where `text` is no amqp or amqps URL, or has a query or a fragment. The text may be a secret: it
/// must not be told.
std::optional<AmqpUrl> parse_amqp_url(std::string_view text);

}  // namespace heddle
