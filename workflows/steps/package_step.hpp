// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "workflows/steps/instructions.hpp"
#include "workflows/steps/step.hpp"

namespace heddle {

/// What branch_package and link_package share: one package made from another, in a project that lives as long
/// as the pull request.
class PackageStep : public Step {
public:
    std::vector<StepPlan> plan(const ScmEvent& event) const final;
    StepOutcome run(const StepContext& context) const final;

protected:
    PackageStep(Instructions& instructions, int line);

    /// Makes the target or brings it up to the event's commit. Its project is claimed and its name legal;
    /// every other writer is kept away.
    virtual StepOutcome update(const StepContext& context, const PackageRef& target) const = 0;

    /// Source and final target.
    std::string artifacts(const PackageRef& target) const;
    const PackageRef& source() const { return source_; }

private:
    StepOutcome hold_and_update(const StepContext& context, const PackageRef& target) const;

    PackageRef source_;
    std::string base_;
    std::string name_;
    int line_;
};

}  // namespace heddle
