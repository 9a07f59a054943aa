// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "reporters/http_transport.hpp"

namespace heddle {

struct HttpClientOptions {
    std::chrono::milliseconds deadline{15'000};  // of a whole exchange, connection and handshake included
    std::size_t most_bytes = 2 << 20;            // of an answer
    std::string ca_file;                         // in place of the system's certificates; for tests
    /// In place of the system's resolver; for tests. Answers numeric addresses.
    std::function<std::vector<std::string>(const std::string& host)> resolve;
};

/// Requests over HTTP and HTTPS by the rules of design section 10: to one origin only, the address resolved
/// once, checked, and connected to; no redirect is followed, no proxy is used.
class HttpClient : public HttpTransport {
public:
    explicit HttpClient(HttpClientOptions options = {});
    ~HttpClient() override;

    HttpResponse send(const ForgeAccess& access, const HttpRequest& request) override;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace heddle
