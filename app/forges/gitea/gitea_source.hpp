// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "reporters/http_transport.hpp"
#include "workflows/ports/config_source.hpp"

namespace heddle {

/// The configuration file by the raw API of Gitea and Forgejo (https://docs.gitea.com/api/, repoGetRawFile),
/// with the token, so that private repositories can be read. Of a tag push: at the tag.
class GiteaSource : public ConfigSource {
public:
    explicit GiteaSource(HttpTransport& transport) : transport_(transport) {}

    std::optional<std::string> read(const ScmEvent& event,
                                    const std::string& path,
                                    const ForgeAccess& access) override;

private:
    HttpTransport& transport_;
};

/// Under which name a repository keeps the head of a pull request, also of one from a fork
/// (https://docs.gitea.com/usage/pull-request).
std::string gitea_pull_reference(std::int64_t number);

}  // namespace heddle
