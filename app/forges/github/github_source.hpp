// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "reporters/http_transport.hpp"
#include "workflows/ports/config_source.hpp"

namespace heddle {

/// The configuration file by GitHub's contents API
/// (https://docs.github.com/rest/repos/contents#get-repository-content). Of a tag push: at the tagged commit.
/// GitHub follows a symlink to a file of the repository itself; other symlinks, folders and submodules are
/// GiveUp.
class GithubSource : public ConfigSource {
public:
    explicit GithubSource(HttpTransport& transport) : transport_(transport) {}

    std::optional<std::string> read(const ScmEvent& event,
                                    const std::string& path,
                                    const ForgeAccess& access) override;

private:
    HttpTransport& transport_;
};

/// Under which name a repository keeps the head of a pull request, also of one from a fork
/// (https://docs.github.com/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/checking-out-pull-requests-locally).
std::string github_pull_reference(std::int64_t number);

}  // namespace heddle
