// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/forges/git/mirror.hpp"
#include "workflows/ports/config_source.hpp"

namespace heddle {

/// The configuration file of a plain git repository: from the target branch of a pull request, the pushed
/// branch or the pushed tag. The repository must lie below the forge's api_url, see place_of(). An access
/// without api_url is that of a command line: any repository is read then, and where target.clone_url ends in
/// "#" and a commit, that commit.
class GitSource : public ConfigSource {
public:
    static constexpr std::uint64_t kMaxBytes = 128 * 1024;

    explicit GitSource(const Mirrors& mirrors) : mirrors_(mirrors) {}

    std::optional<std::string> read(const ScmEvent& event,
                                    const std::string& path,
                                    const ForgeAccess& access) override;

private:
    const Mirrors& mirrors_;
};

}  // namespace heddle
