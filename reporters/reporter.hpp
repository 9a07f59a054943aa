// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "reporters/commit_status.hpp"
#include "workflows/model/forge_access.hpp"

namespace heddle {

/// Makes commit statuses known to one forge.
class Reporter {
public:
    virtual ~Reporter() = default;

    /// After it returns the forge shows exactly this status for its context. Safe to repeat.
    /// Throws RemoteError: Retry (network, 5xx, lock), GiveUp (commit or repository gone, no write
    /// permission), BadCredentials.
    virtual void report(const CommitStatus& status, const ForgeAccess& access) = 0;

    /// What the forge shows now for the repository, commit and context of `status`; nullopt: nothing. Throws
    /// as report() does.
    virtual std::optional<CommitStatus> shown(const CommitStatus& status, const ForgeAccess& access) = 0;

    /// Is `shown`, which shown() returned, what report(wanted) leaves there? Knows what the forge shortens or
    /// can't tell apart. Compares state, text and link. Pure.
    virtual bool shows(const CommitStatus& shown, const CommitStatus& wanted) const = 0;
};

}  // namespace heddle
