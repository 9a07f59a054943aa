// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "app/net/address_guard.hpp"
#include "app/net/guarded_stream.hpp"
#include "app/net/url.hpp"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace heddle {

struct TlsContextFree {
    void operator()(ssl_ctx_st* context) const;
};
using TlsClientContext = std::unique_ptr<ssl_ctx_st, TlsContextFree>;

/// What all connections of a client share: TLS 1.2 or newer, peers verified against the system's certificates
/// or, where it is not empty, against those of `ca_file`. The system's are read one by one as they are
/// needed. Throws std::runtime_error for a file that can't be read.
TlsClientContext make_tls_client(const std::string& ca_file);

/// A connection to one of the addresses, with the handshake done for https.
class HttpConnection {
public:
    /// Tries the addresses in turn; nothing is waited for after `until`. The certificate must be good for
    /// url.host. Throws RemoteError Retry.
    HttpConnection(const std::vector<NetAddress>& addresses,
                   const Url& url,
                   ssl_ctx_st* tls,
                   GuardedStream::Clock::time_point until,
                   const std::string& doing);
    ~HttpConnection();
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    GuardedStream& stream();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace heddle
