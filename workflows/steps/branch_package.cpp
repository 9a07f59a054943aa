// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "workflows/steps/package_step.hpp"
#include "workflows/steps/promise.hpp"
#include "workflows/steps/step_makers.hpp"

namespace heddle {
namespace {

using nlohmann::json;

/// Where the commit can be fetched from, "owner/name": the fork, or, once that is deleted and nameless, the
/// target repository, which keeps the heads of its pull requests.
const std::string& home_of_commit(const ScmEvent& event) {
    return event.source.full_name.empty() ? event.repository.full_name : event.source.full_name;
}

/// The file that tells OBS's source service which commit to take (reference 6.3). Its words are fixed by that
/// service, also where they do not fit the event.
std::string branch_request(const ScmEvent& event) {
    json request;
    switch (event.branch_request) {
        case BranchRequestForm::ByFullName:
            request = {
                {"action", "opened"},
                {"pull_request",
                 {{"head", {{"repo", {{"full_name", home_of_commit(event)}}}, {"sha", event.commit_sha}}}}}};
            break;
        case BranchRequestForm::ByCloneUrl:
            request = {{"object_kind", "merge_request"},
                       {"project", {{"http_url", event.repository.clone_url}}},
                       {"object_attributes", {{"source", {{"default_branch", event.commit_sha}}}}}};
            break;
    }
    return request.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// A git URL of a package with its revision, the fragment, replaced.
std::string at_commit(const std::string& url, const std::string& commit_sha) {
    return url.substr(0, url.find('#')) + "#" + commit_sha;
}

class BranchPackage final : public PackageStep {
public:
    BranchPackage(Instructions& instructions, int line)
        : PackageStep(instructions, line),
          add_repositories_(instructions.optional_text("add_repositories")) {}

protected:
    StepOutcome update(const StepContext& context, const PackageRef& target) const override {
        StepOutcome outcome;
        outcome.artifacts = artifacts(target);
        outcome.touched = promise_results(context, target, false, [&] {
            const bool made = branch(context, target);
            outcome.message = made ? "branched " + to_string(source()) + " to " + to_string(target)
                                   : "updated " + to_string(target);
            outcome.message += " for commit " + context.event.commit_sha;
            return point_to_commit(context, target);
        });
        return outcome;
    }

private:
    /// False: the branch was there already.
    bool branch(const StepContext& context, const PackageRef& target) const {
        const bool was_there = context.builds.package_exists(target);
        // A source that is gone since: the build service says so, or makes it again (heddle try).
        if (was_there && context.builds.package_exists(source())) return false;
        BranchOptions options;
        options.add_repositories = add_repositories_.empty() || add_repositories_ == "enabled";
        options.project_url = context.event.url;
        context.builds.branch_package(source(), target, options);
        return !was_there;
    }

    SourceRevision point_to_commit(const StepContext& context, const PackageRef& target) const {
        const auto url = context.builds.scmsync(source());
        if (url)
            return context.builds.set_scmsync(target, at_commit(*url, context.event.commit_sha), context.run);
        return context.builds.write_file(
            target, "_branch_request", branch_request(context.event), context.run);
    }

    std::string add_repositories_;  // anything but "enabled" or nothing: do not copy them
};

}  // namespace

std::shared_ptr<const Step> make_branch_package(const DefinitionNode& key,
                                                const DefinitionNode& instructions,
                                                Problems& problems) {
    Instructions reader("branch_package", key, instructions, problems);
    return std::make_shared<BranchPackage>(reader, key.line);
}

}  // namespace heddle
