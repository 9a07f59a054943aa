// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reporters/commit_status.hpp"
#include "workflows/model/build_event.hpp"
#include "workflows/model/build_result.hpp"

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

/// A build that ended, was excluded or withdrawn. The end of a package or project (no repository) concerns
/// all its contexts, so the context is empty then. Pure.
StatusWord describe_build_event(const std::string& prefix, const BuildEvent& event);

/// A build as the build service lists it: pending while scheduled or building, else its end.
StatusWord describe_build_result(const std::string& prefix,
                                 const std::string& package,
                                 const BuildResult& result);

}  // namespace heddle
