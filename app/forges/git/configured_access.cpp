// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/configured_access.hpp"

#include <utility>

#include "app/net/url.hpp"

namespace heddle {
namespace {

bool is_home(const std::string& of_forge, const Url& place) {
    const auto home = parse_url(of_forge);
    return home && same_origin(*home, place);
}

ForgeAccess forge_at(const std::vector<ForgeConfig>& forges, const std::string& url) {
    const auto place = parse_url(url);
    for (const ForgeConfig& forge : forges)
        if (place && (is_home(forge.api_url, *place) || is_home(forge.web_url, *place)))
            return {forge.name, forge.kind, forge.web_url, forge.api_url, forge.private_network, ""};
    return {};
}

}  // namespace

GitOverHttp git_over_http(HttpClient& client, KnownForges forges) {
    GitOverHttp http;
    http.client = &client;
    http.access_for = [forges = std::move(forges)](const std::string& url) {
        return forge_at(forges(), url);
    };
    return http;
}

}  // namespace heddle
