// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "workflows/model/forge_access.hpp"

namespace heddle {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method;   // GET, POST
    std::string url;      // absolute, encoded
    HttpHeaders headers;  // with the credential, where one is needed
    std::string body;
};

struct HttpResponse {
    int status = 0;
    HttpHeaders headers;  // raw, in the order of arrival
    std::string body;
};

/// The value of the first header of that name, in any spelling; empty: there is none.
std::string header_of(const HttpResponse& response, const std::string& name);

/// Carries requests to a forge. Thread-safe.
class HttpTransport {
public:
    virtual ~HttpTransport() = default;

    /// One request, one answer of any status. A redirect within the origin (a renamed repository answers so)
    /// is followed up to three times: 307 and 308 with method and body, others of a GET only; any other is
    /// the answer. Refuses (GiveUp) a URL outside the origin of `access.api_url`, and an address in a private
    /// range unless `access.private_network`. Throws RemoteError of kind Retry when no whole answer came
    /// within the deadline (15 s), with `may_be_done` once a connection stood.
    virtual HttpResponse send(const ForgeAccess& access, const HttpRequest& request) = 0;
};

}  // namespace heddle
