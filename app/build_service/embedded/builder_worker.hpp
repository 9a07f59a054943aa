// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/build_service/embedded/builder.hpp"
#include "app/build_service/embedded/sandbox_user.hpp"
#include "app/build_service/embedded/workspace.hpp"

namespace heddle {

/// One worker of the builder: takes builds one after the other. Belongs to one thread, which must live as
/// long as the builds do (a build dies with the thread that started it).
class BuilderWorker {
public:
    BuilderWorker(const BuilderOptions& options, Pool& pool, SourceFetcher& fetcher, BuilderWake& wake);

    /// Until `stop`. Throws nothing.
    void work(std::stop_token stop);

private:
    /// Finds out whom and whether we can build as. Again before each build until we can.
    void settle();
    bool build_one(std::stop_token stop);
    void build(const ClaimedBuild& build, std::stop_token stop);
    /// nullopt: it was stopped, or the database went away.
    std::optional<BuildEnd> run(std::optional<Workspace>& workspace,
                                const ClaimedBuild& build,
                                std::stop_token stop);
    /// Stores the end, or gives the build back where it has none; waits for a database that is away or full,
    /// unless `stop`. Gives the workspace's space back where the database has none.
    void record(std::optional<Workspace>& workspace,
                const ClaimedBuild& build,
                std::optional<BuildEnd> end,
                const std::stop_token& stop);

    const BuilderOptions& options_;
    Pool& pool_;
    SourceFetcher& fetcher_;
    BuilderWake& wake_;
    std::optional<BuildUser> user_;
    std::optional<Identity> identity_;
    bool settled_ = false;
    std::string why_not_;  // builds can't run here; they end unbuilt with this
};

}  // namespace heddle
