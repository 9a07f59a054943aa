// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "workflows/model/package_ref.hpp"
#include "workflows/model/step_outcome.hpp"

namespace heddle {

using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;

/// What a build service says happened. The first two are what OBS has always sent (reference 8.2).
enum class BuildEventType {
    BuildSuccess,
    BuildFail,
    BuildUnchanged,     // built, the result is the same as before: counts as success for a commit that waits
    BuildBroken,        // sources can't be built at all: no recipe
    BuildUnresolvable,  // something it needs is missing
    BuildExcluded,      // excluded or disabled: there will be no build
    BuildWithdrawn,     // replaced by a newer revision before it ended, or cancelled
    PackageDeleted,
    ProjectDeleted,
    RequestStateChange,
};

/// "build_success", "build_fail", ..., "project_deleted", "request_state_change".
std::string_view to_string(BuildEventType type);
std::optional<BuildEventType> build_event_type_from(std::string_view text);

/// One word of a build service about one build; or about the end of a package or project, where repository
/// and architecture, and for a project also the package, are empty; or about a request, where only its
/// number and state, when it changed (the end) and why count, and the package is its target, or empty.
struct BuildEvent {
    std::string id;  // of the sender, for deduplication; empty: none
    BuildEventType type = BuildEventType::BuildSuccess;
    PackageRef package;  // with ":flavour" for multibuild
    std::string repository;
    std::string architecture;
    SourceRevision revision;
    std::optional<TimePoint> started_at;
    std::optional<TimePoint> ended_at;
    std::string reason;           // one sentence: why it failed, is broken, was withdrawn
    bool is_last = false;         // asked for, and the build service has nothing more to do there
    std::int64_t request = 0;     // its number; 0: it is about no request
    std::string request_state{};  // as in Request
};

/// Broken, unresolvable, excluded: there is no build, or none any more. A start is then that of the newest
/// build before.
bool is_end_without_build(BuildEventType type);
/// Is it the end of a package or project?
bool is_deletion(BuildEventType type);
/// The end of that package, or of the whole project where no package is named.
BuildEvent deletion_of(const PackageRef& gone);

}  // namespace heddle
