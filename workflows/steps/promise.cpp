// SPDX-License-Identifier: Apache-2.0
#include "workflows/steps/promise.hpp"

#include "workflows/model/remote_error.hpp"
#include "workflows/steps/event_matrix.hpp"

namespace heddle {
namespace {

using Ask = std::function<std::optional<SourceRevision>()>;

/// A refusal ends the promise: nothing will be built for it. After a failure that may pass the step is tried
/// again, and a build whose answer was lost still belongs to the promise.
std::optional<SourceRevision> ask_or_withdraw(const StepContext& context,
                                              const PackageRef& target,
                                              const Ask& ask) {
    try {
        return ask();
    } catch (const RemoteError& error) {
        if (error.kind != RemoteError::Kind::Retry) context.log.withdraw(context.place, target);
        throw;
    }
}

}  // namespace

std::vector<TouchedPackage> promise_results(const StepContext& context,
                                            const PackageRef& target,
                                            bool rebuild,
                                            const std::function<std::optional<SourceRevision>()>& ask) {
    if (!promises_results(context.event)) {
        ask();
        return {};
    }
    context.log.subscribe(context.place, target, rebuild);
    std::optional<SourceRevision> revision = ask_or_withdraw(context, target, ask);
    if (!revision) {
        context.log.withdraw(context.place, target);
        return {};
    }
    // The answer of some verbs names no revision: the mark in the history does (design 4.4).
    if (!revision->known())
        revision = context.builds.revision_of_run(target, context.run).value_or(*revision);
    const TouchedPackage touched{target, *revision, rebuild};
    context.log.complete(context.place, touched);
    return {touched};
}

}  // namespace heddle
