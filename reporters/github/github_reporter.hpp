// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reporters/combined_status_reporter.hpp"

namespace heddle {

/// Shows commit statuses on GitHub (reference 9.2, 9.3; https://docs.github.com/rest/commits/statuses). It
/// refuses a description of more than 140 characters and a context of more than 255, and takes contexts that
/// differ only in case for one.
class GithubReporter : public CombinedStatusReporter {
public:
    explicit GithubReporter(HttpTransport& transport);
};

}  // namespace heddle
