// SPDX-License-Identifier: Apache-2.0
#include "reporters/describe.hpp"

#include <stdexcept>
#include <utility>

namespace heddle {
namespace {

/// "failed" or "failed: exit code 2".
std::string with_reason(const std::string& text, const std::string& reason) {
    return reason.empty() ? text : text + ": " + reason;
}

struct Described {
    StatusState state;
    std::string text;
};

Described describe(BuildEventType type) {
    switch (type) {
        case BuildEventType::BuildSuccess: return {StatusState::Success, "succeeded"};
        case BuildEventType::BuildFail: return {StatusState::Failure, "failed"};
        case BuildEventType::BuildUnchanged:
            return {StatusState::Success, "succeeded, the result is the same as before"};
        case BuildEventType::BuildBroken: return {StatusState::Failure, "broken"};
        case BuildEventType::BuildUnresolvable: return {StatusState::Failure, "unresolvable"};
        case BuildEventType::BuildExcluded: return {StatusState::Success, "not built"};
        case BuildEventType::BuildWithdrawn: return {StatusState::Error, "withdrawn"};
        case BuildEventType::PackageDeleted: return {StatusState::Error, "the package was deleted"};
        case BuildEventType::ProjectDeleted: return {StatusState::Error, "the project was deleted"};
        case BuildEventType::RequestStateChange: throw std::logic_error("a request is no build");
    }
    throw std::logic_error("unknown BuildEventType");
}

Described describe(BuildState state) {
    switch (state) {
        case BuildState::Scheduled: return {StatusState::Pending, "scheduled"};
        case BuildState::Building: return {StatusState::Pending, "building"};
        case BuildState::Succeeded: return describe(BuildEventType::BuildSuccess);
        case BuildState::Failed: return describe(BuildEventType::BuildFail);
        case BuildState::Broken: return describe(BuildEventType::BuildBroken);
        case BuildState::Unresolvable: return describe(BuildEventType::BuildUnresolvable);
        case BuildState::Excluded:
        case BuildState::Disabled: return describe(BuildEventType::BuildExcluded);
    }
    throw std::logic_error("unknown BuildState");
}

Described describe_state(const std::string& state) {
    if (state == "new") return {StatusState::Pending, "waits to be accepted"};
    if (state == "review") return {StatusState::Pending, "is reviewed"};
    if (state == "accepted") return {StatusState::Success, "accepted"};
    for (const char* end : {"declined", "revoked", "superseded"})
        if (state == end) return {StatusState::Failure, state};
    if (state == "deleted") return {StatusState::Error, "the request was deleted"};
    return {StatusState::Pending, state};
}

}  // namespace

std::string build_context(const std::string& prefix,
                          const std::string& package,
                          const std::string& repository,
                          const std::string& architecture) {
    return prefix + ": " + package + " - " + repository + "/" + architecture;
}

std::string started_context(const std::string& prefix) {
    return prefix + " SCM/CI Workflow Integration started";
}

std::string request_context(const std::string& prefix, std::int64_t number) {
    return prefix + ": Request " + std::to_string(number);
}

StatusWord describe_request(const std::string& prefix, const Request& request) {
    const Described described = describe_state(request.state);
    return {request_context(prefix, request.number),
            described.state,
            with_reason(described.text, request.comment)};
}

StatusWord describe_build_event(const std::string& prefix, const BuildEvent& event) {
    const Described described = describe(event.type);
    std::string context;
    if (!event.repository.empty())
        context = build_context(prefix, event.package.package, event.repository, event.architecture);
    return {std::move(context), described.state, with_reason(described.text, event.reason)};
}

StatusWord describe_build_result(const std::string& prefix,
                                 const std::string& package,
                                 const BuildResult& result) {
    const Described described = describe(result.state);
    const bool says_why = !result.details.empty() ||
                          (result.state != BuildState::Excluded && result.state != BuildState::Disabled);
    return {build_context(prefix, package, result.repository, result.architecture),
            described.state,
            with_reason(described.text, says_why ? result.details : std::string(to_string(result.state)))};
}

}  // namespace heddle
