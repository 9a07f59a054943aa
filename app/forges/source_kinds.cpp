// SPDX-License-Identifier: Apache-2.0
#include "app/forges/source_kinds.hpp"

#include "app/forges/gitea/gitea_source.hpp"
#include "app/forges/github/github_source.hpp"
#include "app/forges/gitlab/gitlab_source.hpp"

namespace heddle {

std::map<std::string, std::shared_ptr<ConfigSource>> http_sources(HttpTransport& transport) {
    return {{"github", std::make_shared<GithubSource>(transport)},
            {"gitlab", std::make_shared<GitlabSource>(transport)},
            {"gitea", std::make_shared<GiteaSource>(transport)}};
}

std::string pull_reference(const std::string& kind, std::int64_t number) {
    static const std::map<std::string, std::string (*)(std::int64_t)> kNames{
        {"github", github_pull_reference},
        {"gitlab", gitlab_pull_reference},
        {"gitea", gitea_pull_reference}};
    const auto found = kNames.find(kind);
    return found == kNames.end() ? "" : found->second(number);
}

}  // namespace heddle
