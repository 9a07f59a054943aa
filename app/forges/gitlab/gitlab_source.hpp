// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "reporters/http_transport.hpp"
#include "workflows/ports/config_source.hpp"

namespace heddle {

/// The configuration file by GitLab's repository files API
/// (https://docs.gitlab.com/api/repository_files/#get-raw-file-from-repository), always of the project that
/// the merge request is for, never of the fork. Of a tag push: at the tagged commit.
class GitlabSource : public ConfigSource {
public:
    explicit GitlabSource(HttpTransport& transport) : transport_(transport) {}

    std::optional<std::string> read(const ScmEvent& event,
                                    const std::string& path,
                                    const ForgeAccess& access) override;

private:
    HttpTransport& transport_;
};

/// Under which name a project keeps the head of a merge request, also of one from a fork
/// (https://docs.gitlab.com/user/project/merge_requests/merge_request_troubleshooting/#check-out-merge-requests-locally-through-the-head-ref).
std::string gitlab_pull_reference(std::int64_t number);

}  // namespace heddle
