// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "workflows/steps/event_matrix.hpp"
#include "workflows/steps/instructions.hpp"
#include "workflows/steps/pull_request_project.hpp"
#include "workflows/steps/step_makers.hpp"
#include "workflows/steps/target_names.hpp"

namespace heddle {
namespace {

/// An update links, too, where OBS only looks for the project: the delivery that opened the pull request may
/// have been overtaken, and its steps with it.
StepPlan::Action link_action(const ScmEvent& event) {
    return action_of(event, StepPlan::Action::LinkProject, StepPlan::Action::UnlinkProject);
}

/// Makes the packages of one project appear in another (reference 6.5). It awaits no results.
class LinkProject final : public Step {
public:
    LinkProject(std::string source, std::string base, int line)
        : source_(std::move(source)), base_(std::move(base)), line_(line) {}

    std::vector<StepPlan> plan(const ScmEvent& event) const override {
        return {{link_action(event), target_of(base_, "", event), false, line_}};
    }

    StepOutcome run(const StepContext& context) const override {
        const StepPlan::Action action = link_action(context.event);
        if (action == StepPlan::Action::Nothing) return nothing_to_do(context.event);
        const PackageRef target = target_of(base_, "", context.event);
        require_legal(target, context.event);
        return action == StepPlan::Action::LinkProject ? link(context, target.project)
                                                       : unlink(context, target.project);
    }

private:
    StepOutcome link(const StepContext& context, const std::string& target) const {
        if (context.event.kind == PullRequestKind::Reopened) restore_project_of_pull_request(context, target);
        claim_project(context, target);
        ensure_project(context, target);
        context.builds.link_project(source_, target);
        StepOutcome outcome;
        outcome.artifacts = artifacts(target);
        outcome.message = "linked project " + target + " to " + source_;
        return outcome;
    }

    /// Makes no project that is not there (D13).
    StepOutcome unlink(const StepContext& context, const std::string& target) const {
        StepOutcome outcome;
        if (!context.builds.project_exists(target)) {
            outcome.status = StepOutcome::Status::NotApplicable;
            outcome.message = "there is no project " + target + " to unlink";
            return outcome;
        }
        claim_project(context, target);
        outcome.artifacts = artifacts(target);
        const bool was_linked = context.builds.unlink_project(source_, target);
        outcome.message = was_linked ? "unlinked project " + target + " from " + source_
                                     : "project " + target + " has no link to " + source_;
        return outcome;
    }

    std::string artifacts(const std::string& target) const {
        const nlohmann::json artifacts{{"source_project", source_}, {"target_project", target}};
        return artifacts.dump();
    }

    std::string source_;
    std::string base_;
    int line_;
};

}  // namespace

std::shared_ptr<const Step> make_link_project(const DefinitionNode& key,
                                              const DefinitionNode& instructions,
                                              Problems& problems) {
    Instructions reader("link_project", key, instructions, problems);
    std::string source = reader.required_name(NameKind::Project, "source_project");
    std::string base = reader.required_name(NameKind::Project, "target_project");
    return std::make_shared<LinkProject>(std::move(source), std::move(base), key.line);
}

}  // namespace heddle
