// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tests/support/stand_in_server.hpp"

namespace heddle::test {

/// One client of a StandInServer. Blocks in poll(); ends when `stop` (a descriptor) becomes readable.
class StandInConnection {
public:
    /// Takes `client`; `tls` null: plain.
    StandInConnection(int client, int stop, SSL_CTX* tls);
    ~StandInConnection();
    StandInConnection(const StandInConnection&) = delete;
    StandInConnection& operator=(const StandInConnection&) = delete;

    /// False: the client went away or is no TLS client that trusts us.
    bool shake_hands();
    /// Nothing: the client went away.
    std::optional<StandInRequest> read_request();
    /// False: nothing more can follow on this connection.
    bool send(const StandInAnswer& answer, bool head_only);
    void wait_until_gone();

private:
    enum class Next { Ready, Gone };
    Next wait(short events, int milliseconds = -1);
    bool fill();
    bool write(const std::string& bytes);
    bool drip(const std::string& bytes);
    std::optional<std::string> read_chunked();
    std::optional<std::string> read_line();
    bool read_bytes(std::size_t count, std::string& into);

    int client_;
    int stop_;
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, SSL_free};
    std::string buffer_;
};

}  // namespace heddle::test
