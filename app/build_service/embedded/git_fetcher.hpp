// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/build_service/embedded/source_fetcher.hpp"
#include "app/forges/git/mirror.hpp"

namespace heddle {

/// Sources from the mirrors of git repositories.
class GitFetcher : public SourceFetcher {
public:
    explicit GitFetcher(const Mirrors& mirrors) : mirrors_(mirrors) {}

    std::optional<FetchedTree> fetch(const std::string& git_url,
                                     const std::string& commit,
                                     const std::string& subdir,
                                     const std::filesystem::path& directory,
                                     std::uint64_t max_bytes) override;

private:
    const Mirrors& mirrors_;
};

}  // namespace heddle
