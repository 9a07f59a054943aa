// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
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
/// once, checked, and connected to; no proxy is used.
class HttpClient : public HttpTransport {
public:
    explicit HttpClient(HttpClientOptions options = {});
    ~HttpClient() override;

    HttpResponse send(const ForgeAccess& access, const HttpRequest& request) override;

    /// One exchange under limits of its own, redirects being answers; for answers that are too large for the
    /// memory: the body goes to `take` piece by piece, whatever the status, and not into the answer.
    HttpResponse receive(const ForgeAccess& access,
                         const HttpRequest& request,
                         std::chrono::steady_clock::time_point until,
                         std::size_t most_bytes,
                         const std::function<void(std::string_view piece)>& take);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace heddle
