// SPDX-License-Identifier: Apache-2.0
#include "app/build_events/bus_trouble.hpp"

#include <amqp.h>

namespace heddle {
namespace {

/// Another protocol, or none, as far as one can see from here.
std::string wrong_port(const AmqpUrl& url) {
    return url.tls ? "is that a port of AMQP with TLS (amqps, mostly 5671)?"
                   : "is that a port of AMQP (amqp, mostly 5672), or does it want amqps (mostly 5671)?";
}

}  // namespace

std::string describe_bus_trouble(int status, const AmqpUrl& url) {
    switch (status) {
        case AMQP_STATUS_HOSTNAME_RESOLUTION_FAILED: return "no host is known by that name";
        case AMQP_STATUS_SOCKET_ERROR: return "nobody listens there, or a firewall is between";
        case AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED: return "its certificate is not for " + url.host;
        case AMQP_STATUS_SSL_PEER_VERIFY_FAILED:
        case AMQP_STATUS_SSL_CONNECTION_FAILED:
            return "its certificate is not trusted (build_events.rabbitmq.ca_file names who signs it), or it "
                   "speaks no TLS (amqp)";
        case AMQP_STATUS_TIMEOUT: return "no answer: " + wrong_port(url);
        case AMQP_STATUS_CONNECTION_CLOSED:
        case AMQP_STATUS_BAD_AMQP_DATA:
        case AMQP_STATUS_INCOMPATIBLE_AMQP_VERSION: return "no answer that is AMQP: " + wrong_port(url);
        default: return amqp_error_string2(status);
    }
}

}  // namespace heddle
