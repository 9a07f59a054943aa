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

}  // namespace heddle
