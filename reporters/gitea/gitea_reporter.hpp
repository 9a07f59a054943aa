// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reporters/combined_status_reporter.hpp"

namespace heddle {

/// Shows commit statuses on Gitea and Forgejo (reference 9.2, 9.3). They set no limits (their columns hold
/// any text): ours keep pages readable. An administrator may make pages smaller than asked for.
class GiteaReporter : public CombinedStatusReporter {
public:
    explicit GiteaReporter(HttpTransport& transport);
};

}  // namespace heddle
