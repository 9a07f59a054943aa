// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/build_service/embedded/source_fetcher.hpp"
#include "app/forges/git/commit_place.hpp"
#include "app/forges/git/mirror.hpp"

namespace heddle {

/// Where else, in this order, the commits may be that the run with this mark asked for. Called by several
/// threads at once.
using OtherPlaces = std::function<std::vector<CommitPlace>(const std::string& run)>;

/// Sources from the mirrors of git repositories: the package's own source, then other places.
class GitFetcher : public SourceFetcher {
public:
    /// Without `others` only the package's own source is asked.
    explicit GitFetcher(const Mirrors& mirrors, OtherPlaces others = nullptr)
        : mirrors_(mirrors), others_(std::move(others)) {}

    std::optional<FetchedTree> fetch(const WantedTree& wanted,
                                     const std::filesystem::path& directory,
                                     std::uint64_t max_bytes) override;

private:
    const Mirrors& mirrors_;
    OtherPlaces others_;
};

}  // namespace heddle
