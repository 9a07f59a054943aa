// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "workflows/steps/step.hpp"

namespace heddle {

/// Asks the build service for something that leads to builds of `target`, and promises their results to the
/// event's commit where the event allows it: subscribes before asking, completes with the revision after
/// (design 4.3). `ask` returns nothing when there will be no build: then the promise is taken back.
/// The touched packages of the outcome: none without a promise.
std::vector<TouchedPackage> promise_results(const StepContext& context,
                                            const PackageRef& target,
                                            bool rebuild,
                                            const std::function<std::optional<SourceRevision>()>& ask);

}  // namespace heddle
