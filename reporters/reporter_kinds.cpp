// SPDX-License-Identifier: Apache-2.0
#include "reporters/reporter_kinds.hpp"

#include "reporters/gitea/gitea_reporter.hpp"
#include "reporters/github/github_reporter.hpp"
#include "reporters/gitlab/gitlab_reporter.hpp"

namespace heddle {

std::map<std::string, std::shared_ptr<Reporter>> http_reporters(HttpTransport& transport) {
    return {{"github", std::make_shared<GithubReporter>(transport)},
            {"gitlab", std::make_shared<GitlabReporter>(transport)},
            {"gitea", std::make_shared<GiteaReporter>(transport)}};
}

}  // namespace heddle
