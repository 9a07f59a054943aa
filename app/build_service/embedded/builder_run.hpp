// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/build_service/embedded/build_store.hpp"
#include "app/build_service/embedded/builder.hpp"
#include "app/build_service/embedded/builder_log.hpp"
#include "app/build_service/embedded/recipe.hpp"
#include "app/build_service/embedded/sandbox.hpp"
#include "app/build_service/embedded/workspace.hpp"

namespace heddle {

/// One build, from its sources to its end. Nothing here writes the end: the caller does.
class BuilderRun {
public:
    BuilderRun(const BuilderOptions& options,
               const std::optional<Identity>& identity,
               Pool& pool,
               SourceFetcher& fetcher,
               BuilderWake& wake,
               const ClaimedBuild& build,
               std::stop_token stop);

    /// nullopt: it was stopped. Throws BuildLost, and what the database throws.
    std::optional<BuildEnd> run(Workspace& workspace);

private:
    std::optional<BuildEnd> prepare(const Workspace& workspace);
    std::optional<BuildEnd> bring(const Workspace& workspace, const BuildSources& sources);
    std::optional<BuildEnd> fetch(const Workspace& workspace, const BuildSources& sources);
    std::optional<BuildEnd> write(const Workspace& workspace, const std::vector<SourceFile>& files);
    std::optional<BuildEnd> run_recipe(const Recipe& recipe);
    std::optional<BuildEnd> run_step(const RecipeStep& step, bool& condition);
    SandboxEnd run_command(const RecipeStep& step, std::string& said);
    BuildEnd ended(BuildState state, const std::string& why);
    /// It could not be built here, which is no commit's fault.
    BuildEnd not_built(const std::string& why);

    const BuilderOptions& options_;
    Pool& pool_;
    SourceFetcher& fetcher_;
    BuilderWake& wake_;
    ClaimedBuild build_;
    std::stop_token stop_;
    BuilderLog log_;
    SandboxCommand command_;
};

}  // namespace heddle
