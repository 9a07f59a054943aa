// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "reporters/http_transport.hpp"
#include "reporters/reporter.hpp"

namespace heddle {

/// Shows commit statuses on GitLab (reference 9.2, 9.3). Limits: 255 characters of context, text and link
/// (its validations of statuses; https://docs.gitlab.com/api/commits/#set-commit-pipeline-status). GitLab has
/// no word for an error: "canceled" stands for it. From pending to pending is refused by it, and changes
/// nothing that a reader sees but the text.
class GitlabReporter : public Reporter {
public:
    explicit GitlabReporter(HttpTransport& transport) : transport_(transport) {}

    void report(const CommitStatus& status, const ForgeAccess& access) override;
    std::optional<CommitStatus> shown(const CommitStatus& status, const ForgeAccess& access) override;
    bool shows(const CommitStatus& shown, const CommitStatus& wanted) const override;

private:
    HttpTransport& transport_;
};

}  // namespace heddle
