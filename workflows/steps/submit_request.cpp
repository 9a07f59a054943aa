// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "workflows/model/wording.hpp"
#include "workflows/steps/event_matrix.hpp"
#include "workflows/steps/instructions.hpp"
#include "workflows/steps/step_makers.hpp"

namespace heddle {
namespace {

StepPlan::Action request_action(const ScmEvent& event) {
    return action_of(event, StepPlan::Action::SubmitRequest, StepPlan::Action::RevokeRequests);
}

/// What the author of the change wrote (reference 2.4; D9).
std::string message_of(const ScmEvent& event) {
    if (event.description.empty() || event.title.empty()) return event.title + event.description;
    return event.title + "\n" + event.description;
}

std::string in_numbers(const std::vector<std::int64_t>& numbers) {
    std::vector<std::string> texts;
    for (const std::int64_t number : numbers) texts.push_back(std::to_string(number));
    return (numbers.size() == 1 ? "request " : "requests ") + in_words(texts);
}

/// Asks the maintainers of a package to take another one's sources (reference 6.10). It takes the names of
/// the file as they are, and touches only requests that were made for the same pull request.
class SubmitRequest final : public Step {
public:
    SubmitRequest(PackageRef source, PackageRef target, std::string description, int line)
        : source_(std::move(source)),
          target_(std::move(target)),
          description_(std::move(description)),
          line_(line) {}

    std::vector<StepPlan> plan(const ScmEvent& event) const override {
        const StepPlan::Action action = request_action(event);
        const bool subscribes = action == StepPlan::Action::SubmitRequest && promises_results(event);
        return {{action, target_, subscribes, line_}};
    }

    StepOutcome run(const StepContext& context) const override {
        const StepPlan::Action action = request_action(context.event);
        if (action == StepPlan::Action::Nothing) return nothing_to_do(context.event);
        const auto hold = context.log.hold(target_);
        return action == StepPlan::Action::SubmitRequest ? submit(context) : revoke(context);
    }

private:
    StepOutcome submit(const StepContext& context) const {
        const std::vector<EarlierRequest> earlier = earlier_requests(context);
        NewRequest wanted{source_, target_, description_, context.run, {}};
        if (description_.empty()) wanted.description = message_of(context.event);
        // Another attempt for the same commit asks for nothing new.
        for (const EarlierRequest& one : earlier)
            if (one.commit_sha == context.event.commit_sha) wanted.alike.push_back(one.number);
        const Request made = context.builds.create_request(wanted);
        // Nobody reads statuses of tags.
        if (promises_results(context.event)) context.log.follow({made, source_, target_});
        StepOutcome outcome;
        outcome.artifacts = artifacts(made);
        outcome.message = "request " + std::to_string(made.number) + " asks " + target_.project +
                          " to take " + to_string(source_) + "; it is " + made.state;
        if (const auto replaced = supersede(context, earlier, made.number); !replaced.empty())
            outcome.message += ", and supersedes " + in_numbers(replaced);
        return outcome;
    }

    static std::vector<std::int64_t> supersede(const StepContext& context,
                                               const std::vector<EarlierRequest>& earlier,
                                               std::int64_t by) {
        std::vector<std::int64_t> superseded;
        for (const EarlierRequest& one : earlier)
            if (one.number != by && context.builds.supersede_request(one.number, by))
                superseded.push_back(one.number);
        return superseded;
    }

    StepOutcome revoke(const StepContext& context) const {
        const ScmEvent& event = context.event;
        const std::string comment = "pull request #" + std::to_string(event.number.value()) + " of " +
                                    event.repository.full_name + " was " +
                                    std::string(to_string(event.kind.value())) +
                                    (event.url.empty() ? "" : ": " + event.url);
        std::vector<std::int64_t> revoked;
        for (const EarlierRequest& one : earlier_requests(context))
            if (context.builds.revoke_request(one.number, comment)) revoked.push_back(one.number);
        StepOutcome outcome;
        outcome.artifacts = artifacts(std::nullopt);
        if (revoked.empty()) {
            outcome.status = StepOutcome::Status::NotApplicable;
            outcome.message = "no request of this pull request to " + to_string(target_) + " is open";
        } else {
            outcome.message = "revoked " + in_numbers(revoked);
        }
        return outcome;
    }

    std::vector<EarlierRequest> earlier_requests(const StepContext& context) const {
        if (context.event.event_class != EventClass::PullRequest) return {};
        return context.log.open_requests(source_, target_);
    }

    static std::string artifacts(const std::optional<Request>& made) {
        nlohmann::json numbers = nlohmann::json::object();
        if (made) numbers[made->state] = made->number;
        return nlohmann::json{{"request_numbers_and_state", numbers}}.dump(
            -1, ' ', false, nlohmann::json::error_handler_t::replace);
    }

    PackageRef source_;
    PackageRef target_;
    std::string description_;
    int line_;
};

}  // namespace

std::shared_ptr<const Step> make_submit_request(const DefinitionNode& key,
                                                const DefinitionNode& instructions,
                                                Problems& problems) {
    Instructions reader("submit_request", key, instructions, problems);
    PackageRef source{reader.required_name(NameKind::Project, "source_project"),
                      reader.required_name(NameKind::Package, "source_package")};
    PackageRef target{reader.required_name(NameKind::Project, "target_project"),
                      reader.optional_name(NameKind::Package, "target_package")};
    if (target.package.empty()) target.package = source.package;
    std::string description = reader.optional_text("description");
    return std::make_shared<SubmitRequest>(
        std::move(source), std::move(target), std::move(description), key.line);
}

}  // namespace heddle
