// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "workflows/model/package_ref.hpp"
#include "workflows/model/scm_event.hpp"

namespace heddle {

/// The project that is worked on for an event when the file says `base` (reference 6.1): for a pull request
/// one of its own, BASE:owner:repository:PR-7, named after the repository that it wants to be merged into.
std::string target_project(const std::string& base, const ScmEvent& event);

/// The package for an event when the file says `name`: NAME-<commit> for a push, NAME-<tag> for a tag, so
/// that each keeps its own; the name itself for a pull request.
std::string target_package(const std::string& name, const ScmEvent& event);

/// Both. An empty `name` stays empty: the project is meant.
PackageRef target_of(const std::string& base, const std::string& name, const ScmEvent& event);

/// A tag or a repository name can make a target that no build service takes ("v1/2"): throws RemoteError
/// GiveUp that says so.
void require_legal(const PackageRef& target, const ScmEvent& event);

}  // namespace heddle
