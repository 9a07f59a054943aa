// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/remote_error.hpp"
#include "workflows/steps/package_step.hpp"
#include "workflows/steps/promise.hpp"
#include "workflows/steps/pull_request_project.hpp"
#include "workflows/steps/step_makers.hpp"

namespace heddle {
namespace {

class LinkPackage final : public PackageStep {
public:
    LinkPackage(Instructions& instructions, int line) : PackageStep(instructions, line) {}

protected:
    StepOutcome update(const StepContext& context, const PackageRef& target) const override {
        StepOutcome outcome;
        outcome.artifacts = artifacts(target);
        refuse_git_source(context, target);
        outcome.touched = promise_results(context, target, false, [&] {
            ensure_project(context, target.project);
            return context.builds.link_package(source(), target, context.run);
        });
        outcome.message = "linked " + to_string(target) + " to " + to_string(source());
        return outcome;
    }

private:
    /// A link is a file, and the files of such a package are in git (reference 6.4).
    static void refuse_git_source(const StepContext& context, const PackageRef& target) {
        if (!context.builds.project_exists(target.project)) return;
        if (!context.builds.scmsync(target)) return;
        throw RemoteError(RemoteError::Kind::GiveUp,
                          "link " + to_string(target),
                          "its sources are kept in git; use branch_package instead");
    }
};

}  // namespace

std::shared_ptr<const Step> make_link_package(const DefinitionNode& key,
                                              const DefinitionNode& instructions,
                                              Problems& problems) {
    Instructions reader("link_package", key, instructions, problems);
    return std::make_shared<LinkPackage>(reader, key.line);
}

}  // namespace heddle
