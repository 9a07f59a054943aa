// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <any>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heddle {

/// A request as the endpoints see it. Header names and values are raw: never percent-decoded, in the order in
/// which they came.
struct ServerRequest {
    std::string method;
    std::string path;  // decoded segment by segment, without the query
    std::vector<std::string> segments;
    std::vector<std::pair<std::string, std::string>> query;  // decoded
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string remote_address;
    std::any kept{};  // what a route's before_body found out and its answer needs

    /// The first header of that name, in any spelling; empty: there is none.
    std::string header(std::string_view name) const;
    /// The first parameter of that name.
    std::optional<std::string> parameter(std::string_view name) const;
    /// The value of a cookie; empty: there is none.
    std::string cookie(std::string_view name) const;
};

struct ServerResponse {
    int status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::vector<std::pair<std::string, std::string>> headers;  // without Content-Type, Content-Length
    std::string body;
};

}  // namespace heddle
