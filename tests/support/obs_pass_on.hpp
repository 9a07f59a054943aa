// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/obs_backend.hpp"
#include "tests/support/stand_in_server.hpp"

namespace heddle::test {

/// What the backend answers to a request that somebody in front of it got. The connection ends without an
/// answer where the backend gives none within 5 s: nobody listens to a question for news any more that waited
/// so long.
StandInAnswer pass_on(const ObsBackend& backend, const StandInRequest& request);

}  // namespace heddle::test
