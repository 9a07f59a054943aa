// SPDX-License-Identifier: Apache-2.0
#pragma once

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

}  // namespace heddle
