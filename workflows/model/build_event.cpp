// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/build_event.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace heddle {
namespace {

constexpr std::array<std::pair<BuildEventType, std::string_view>, 10> kWords{{
    {BuildEventType::BuildSuccess, "build_success"},
    {BuildEventType::BuildFail, "build_fail"},
    {BuildEventType::BuildUnchanged, "build_unchanged"},
    {BuildEventType::BuildBroken, "build_broken"},
    {BuildEventType::BuildUnresolvable, "build_unresolvable"},
    {BuildEventType::BuildExcluded, "build_excluded"},
    {BuildEventType::BuildWithdrawn, "build_withdrawn"},
    {BuildEventType::PackageDeleted, "package_deleted"},
    {BuildEventType::ProjectDeleted, "project_deleted"},
    {BuildEventType::RequestStateChange, "request_state_change"},
}};

}  // namespace

std::string_view to_string(BuildEventType type) {
    for (const auto& [value, word] : kWords)
        if (value == type) return word;
    throw std::logic_error("unknown BuildEventType");
}

std::optional<BuildEventType> build_event_type_from(std::string_view text) {
    for (const auto& [value, word] : kWords)
        if (word == text) return value;
    return std::nullopt;
}

bool is_end_without_build(BuildEventType type) {
    return type == BuildEventType::BuildBroken || type == BuildEventType::BuildUnresolvable ||
           type == BuildEventType::BuildExcluded;
}

bool is_deletion(BuildEventType type) {
    return type == BuildEventType::ProjectDeleted || type == BuildEventType::PackageDeleted;
}

BuildEvent deletion_of(const PackageRef& gone) {
    BuildEvent event;
    event.type = gone.package.empty() ? BuildEventType::ProjectDeleted : BuildEventType::PackageDeleted;
    event.package = gone;
    return event;
}

}  // namespace heddle
