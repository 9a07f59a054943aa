// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>

namespace heddle {

/// The outside world (a build service, a forge, a git repository, the disk) failed or refused.
/// Thrown only by adapters, caught only in app/jobs and app/cli. Decide by `kind`, never by the text.
struct RemoteError : std::runtime_error {
    enum class Kind {
        Retry,           // may go better later: network, 5xx, lock held
        GiveUp,          // will not: unknown package, no permission, refused name
        BadCredentials,  // the far side does not know us
    };

    /// `doing`: what was attempted ("branch demo/hello"); `why`: the reason in one sentence.
    RemoteError(Kind kind, const std::string& doing, const std::string& why)
        : std::runtime_error(doing + ": " + why), kind(kind) {}

    Kind kind;
    std::chrono::seconds retry_after{0};  // the far side asked for at least so long a pause; 0: it did not
    bool may_be_done = false;  // what was asked for may have happened: it was sent, and no answer tells
};

}  // namespace heddle
