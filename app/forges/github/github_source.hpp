// SPDX-License-Identifier: Apache-2.0
#pragma once

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

}  // namespace heddle
