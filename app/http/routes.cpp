// SPDX-License-Identifier: Apache-2.0
#include "app/http/routes.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "app/http/header_text.hpp"

namespace heddle {
namespace {

bool fits(std::string_view pattern, const std::vector<std::string>& segments) {
    if (pattern == "/") return segments.empty();
    const auto parts = split(pattern.substr(1), '/');
    return std::equal(parts.begin(),
                      parts.end(),
                      segments.begin(),
                      segments.end(),
                      [](std::string_view part, const std::string& segment) {
                          return part == segment || (part.starts_with('{') && !segment.empty());
                      });
}

}  // namespace

void Routes::add(std::vector<Route> routes) {
    std::move(routes.begin(), routes.end(), std::back_inserter(routes_));
}

const Route* Routes::find(const ServerRequest& request, std::vector<std::string>& allowed) const {
    const Route* for_head = nullptr;
    for (const Route& route : routes_) {
        if (request.path == "*" || !fits(route.path, request.segments)) continue;
        if (route.method == request.method) return &route;
        if (route.method == "GET" && request.method == "HEAD" && !for_head) for_head = &route;
        allowed.push_back(route.method);
        if (route.method == "GET") allowed.emplace_back("HEAD");
    }
    if (for_head) allowed.clear();
    std::sort(allowed.begin(), allowed.end());
    allowed.erase(std::unique(allowed.begin(), allowed.end()), allowed.end());
    return for_head;
}

}  // namespace heddle
