// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "app/forges/git/commit_place.hpp"
#include "workflows/model/scm_event.hpp"

namespace heddle {

/// Where the commit of an event may be beside the package's own source, in this order: the target repository
/// with what it keeps of the pull request, then the fork (design, section 10). Only what lies at the forge of
/// `access`, in whose name it is asked: any other address that a payload names is left out. Empty for an
/// access without api_url, which is that of a command line.
std::vector<CommitPlace> commit_places(const ScmEvent& event, const ForgeAccess& access);

}  // namespace heddle
