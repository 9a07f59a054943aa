// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "workflows/model/step_outcome.hpp"

namespace heddle {

/// The state of one build of a package in one repository and architecture. The words are OBS's.
enum class BuildState {
    Scheduled,
    Building,
    Succeeded,
    Failed,
    Broken,
    Unresolvable,
    Excluded,
    Disabled,
};

/// "scheduled", "building", "succeeded", ...
std::string_view to_string(BuildState state);

/// What a build service answers about one build of a package.
struct BuildResult {
    std::string repository;
    std::string architecture;
    BuildState state = BuildState::Scheduled;
    SourceRevision revision;
    std::string details;    // why unresolvable, broken, disabled
    std::string flavour{};  // of a multibuild package; empty: the package itself
};

/// Of packages of one project, by their names.
using ResultsByPackage = std::map<std::string, std::vector<BuildResult>>;

}  // namespace heddle
