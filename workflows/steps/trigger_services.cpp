// SPDX-License-Identifier: Apache-2.0
#include "workflows/steps/event_matrix.hpp"
#include "workflows/steps/instructions.hpp"
#include "workflows/steps/promise.hpp"
#include "workflows/steps/step_makers.hpp"

namespace heddle {
namespace {

std::string cause_of(const ScmEvent& event) {
    const std::string commit = event.commit_sha.substr(0, 7);
    switch (event.event_class) {
        case EventClass::PullRequest:
            return "PR/MR #" + std::to_string(event.number.value()) + " (" +
                   std::string(to_string(event.kind.value())) + ")";
        case EventClass::Push: return "push " + commit + " on " + event.target.branch;
        case EventClass::TagPush: return "push " + commit + " on " + event.tag;
        case EventClass::Ping:
        case EventClass::Other: break;
    }
    return "an event";
}

/// What a reader of the package's history sees (reference 6.8).
std::string comment_of(const StepContext& context) {
    const std::string token =
        context.token_label.empty() ? "a workflow token" : "the '" + context.token_label + "' token";
    return "Service triggered by " + token + " via " + context.event.forge + ", " + cause_of(context.event);
}

ServiceTrigger trigger_of(const StepContext& context) {
    const ScmEvent& event = context.event;
    ServiceTrigger trigger;
    trigger.comment = comment_of(context);
    trigger.run = context.run;
    trigger.clone_url = event.repository.clone_url;
    trigger.commit_sha = event.commit_sha;
    if (event.event_class == EventClass::Push) trigger.branch = event.target.branch;
    if (event.event_class == EventClass::PullRequest) {
        trigger.clone_url = event.source.clone_url;
        trigger.branch = event.source.branch;
    }
    return trigger;
}

/// Takes the names of the file as they are: no suffix of reference 6.1.
class TriggerServices final : public Step {
public:
    TriggerServices(PackageRef package, std::string artifacts, int line)
        : package_(std::move(package)), artifacts_(std::move(artifacts)), line_(line) {}

    std::vector<StepPlan> plan(const ScmEvent& event) const override {
        if (!acts_on_existing(event)) return {{StepPlan::Action::Nothing, package_, false, line_}};
        return {{StepPlan::Action::RunServices, package_, promises_results(event), line_}};
    }

    StepOutcome run(const StepContext& context) const override {
        if (!acts_on_existing(context.event)) return nothing_to_do(context.event);
        StepOutcome outcome;
        outcome.artifacts = artifacts_;
        const auto hold = context.log.hold(package_);
        outcome.touched =
            promise_results(context, package_, false, [&] { return run_services(context, outcome.message); });
        return outcome;
    }

private:
    /// Nothing when the services changed nothing: there will be no build to wait for.
    std::optional<SourceRevision> run_services(const StepContext& context, std::string& message) const {
        const ServiceRun done = context.builds.run_services(package_, trigger_of(context));
        message = "ran the services of " + to_string(package_);
        if (!done.message.empty())
            message += "; " + done.message;
        else if (!done.changed)
            message += "; its sources did not change";
        if (done.changed) return done.revision;
        // An earlier try whose answer was lost may have made the change.
        const auto earlier = context.builds.revision_of_run(package_, context.run);
        if (!earlier) message += "; there is no build to wait for";
        return earlier;
    }

    PackageRef package_;
    std::string artifacts_;
    int line_;
};

}  // namespace

std::shared_ptr<const Step> make_trigger_services(const DefinitionNode& key,
                                                  const DefinitionNode& instructions,
                                                  Problems& problems) {
    Instructions reader("trigger_services", key, instructions, problems);
    PackageRef package{reader.required_name(NameKind::Project, "project"),
                       reader.required_name(NameKind::Package, "package")};
    return std::make_shared<TriggerServices>(std::move(package), to_json(instructions), key.line);
}

}  // namespace heddle
