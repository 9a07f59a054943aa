// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/http/http_message.hpp"

namespace heddle {

/// What answers one method on one path. Called by several threads at once.
struct Route {
    std::string method;
    std::string path;  // segments between '/'; "{name}" stands for any one segment
    std::function<ServerResponse(const ServerRequest&)> answer;
    std::size_t most_body = 1 << 20;  // bytes; a larger body is answered 413, and not read
    /// Looks at everything but the body before the body is read; an answer refuses it unread. It may leave
    /// something in the request's `kept`.
    std::function<std::optional<ServerResponse>(ServerRequest&)> before_body{};
    /// Words what the server itself refuses (413, 415, 503, 500 ...) as the endpoint's clients expect it;
    /// absent: as plain text. Also for what an exception of `answer` ends in.
    std::function<ServerResponse(const ServerRequest&, int status, const std::string& sentence)> refusal{};
};

/// All routes of the program. Other methods on a known path are answered 405 with Allow, unknown paths 404.
class Routes {
public:
    void add(Route route) { routes_.push_back(std::move(route)); }
    void add(std::vector<Route> routes);

    /// nullptr: there is none, and `allowed` names the methods that the path knows.
    const Route* find(const ServerRequest& request, std::vector<std::string>& allowed) const;

private:
    std::vector<Route> routes_;
};

}  // namespace heddle
