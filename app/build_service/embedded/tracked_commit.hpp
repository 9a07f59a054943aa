// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/build_service/embedded/git_verbs.hpp"
#include "app/build_service/embedded/ref_resolver.hpp"

namespace heddle {

/// Which commit a trigger leads to (design 16): if the trigger's repository is the package's source and its
/// branch the tracked one, exactly the trigger's commit; otherwise what the tracked revision means now.
/// Asks git where needed; throws RemoteError.
TriggeredCommit triggered_commit(RefResolver& refs,
                                 const std::string& scmsync,
                                 const ServiceTrigger& trigger);

}  // namespace heddle
