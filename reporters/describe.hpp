// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "reporters/commit_status.hpp"
#include "workflows/model/build_event.hpp"
#include "workflows/model/build_result.hpp"
#include "workflows/model/request.hpp"

namespace heddle {

/// One producer's word on a commit status: context, state and text.
struct StatusWord {
    std::string context;
    StatusState state = StatusState::Pending;
    std::string text;
};

/// "<prefix>: <package> - <repository>/<architecture>" (reference 9.1; `prefix` is reports.context).
std::string build_context(const std::string& prefix,
                          const std::string& package,
                          const std::string& repository,
                          const std::string& architecture);

/// "<prefix> SCM/CI Workflow Integration started".
std::string started_context(const std::string& prefix);

/// "<prefix>: Request <number>" (reference 9.1).
std::string request_context(const std::string& prefix, std::int64_t number);

/// A request as it stands: success once accepted, failure once declined, revoked or superseded, error once
/// deleted, else pending (reference 9.2). Pure.
StatusWord describe_request(const std::string& prefix, const Request& request);

/// A build that ended, was excluded or withdrawn. The end of a package or project (no repository) concerns
/// all its contexts, so the context is empty then. Pure.
StatusWord describe_build_event(const std::string& prefix, const BuildEvent& event);

/// A build as the build service lists it: pending while scheduled or building, else its end.
StatusWord describe_build_result(const std::string& prefix,
                                 const std::string& package,
                                 const BuildResult& result);

}  // namespace heddle
