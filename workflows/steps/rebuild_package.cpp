// SPDX-License-Identifier: Apache-2.0
#include "workflows/steps/event_matrix.hpp"
#include "workflows/steps/instructions.hpp"
#include "workflows/steps/promise.hpp"
#include "workflows/steps/step_makers.hpp"

namespace heddle {
namespace {

/// Takes the names of the file as they are: no suffix of reference 6.1.
class RebuildPackage final : public Step {
public:
    RebuildPackage(PackageRef package, std::string artifacts, int line)
        : package_(std::move(package)), artifacts_(std::move(artifacts)), line_(line) {}

    std::vector<StepPlan> plan(const ScmEvent& event) const override {
        if (!acts_on_existing(event)) return {{StepPlan::Action::Nothing, package_, false, line_}};
        return {{StepPlan::Action::Rebuild, package_, promises_results(event), line_}};
    }

    StepOutcome run(const StepContext& context) const override {
        if (!acts_on_existing(context.event)) return nothing_to_do(context.event);
        StepOutcome outcome;
        outcome.artifacts = artifacts_;
        const auto hold = context.log.hold(package_);
        outcome.touched = promise_results(
            context, package_, true, [&] { return context.builds.rebuild_package(package_, context.run); });
        outcome.message = "asked for a rebuild of " + to_string(package_);
        return outcome;
    }

private:
    PackageRef package_;
    std::string artifacts_;
    int line_;
};

}  // namespace

std::shared_ptr<const Step> make_rebuild_package(const DefinitionNode& key,
                                                 const DefinitionNode& instructions,
                                                 Problems& problems) {
    Instructions reader("rebuild_package", key, instructions, problems);
    PackageRef package{reader.required_name(NameKind::Project, "project"),
                       reader.required_name(NameKind::Package, "package")};
    return std::make_shared<RebuildPackage>(std::move(package), to_json(instructions), key.line);
}

}  // namespace heddle
