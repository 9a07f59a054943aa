// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/configured_access.hpp"

#include <utility>

#include "app/config/ssh_url.hpp"
#include "app/net/url.hpp"

namespace heddle {
namespace {

bool is_home(const std::string& of_forge, const std::string& url) {
    if (const auto place = parse_ssh_url(url)) {
        const auto home = parse_ssh_url(of_forge);
        return home && place->lies_in(*home);
    }
    const auto home = parse_url(of_forge);
    const auto place = parse_url(url);
    return home && place && same_origin(*home, *place);
}

ForgeAccess forge_at(const std::vector<ForgeConfig>& forges, const std::string& url) {
    for (const ForgeConfig& forge : forges)
        if (is_home(forge.api_url, url) || is_home(forge.web_url, url))
            return {forge.name,
                    forge.kind,
                    forge.web_url,
                    forge.api_url,
                    forge.private_network,
                    "",
                    0,
                    forge.known_hosts};
    return {};
}

}  // namespace

GitOverNetwork git_over_network(HttpClient& client, KnownForges forges) {
    GitOverNetwork network;
    network.client = &client;
    network.access_for = [forges = std::move(forges)](const std::string& url) {
        return forge_at(forges(), url);
    };
    return network;
}

}  // namespace heddle
