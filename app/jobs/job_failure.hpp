// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <exception>
#include <string>

namespace heddle {

/// What becomes of a job whose handler threw.
struct JobFailure {
    enum class Verdict {
        Retry,     // later, counted
        Bury,      // dead at once: trying again can't help
        GiveBack,  // the program stops: uncounted
        Postpone,  // nothing can be done before a known time: uncounted
        Lost,      // somebody else has it
    };

    Verdict verdict = Verdict::Retry;
    bool is_bug = false;  // ours, worth a line in the log
    std::string message;
    std::chrono::seconds retry_after{0};  // the far side asked for at least so long a pause
    std::chrono::milliseconds wait{0};    // until a postponed one may go on
};

/// The one place where exceptions of handlers are judged: RemoteError by its kind, std::logic_error is our
/// bug, a broken connection (and anything else) may go better later.
JobFailure judge_failure(const std::exception_ptr& thrown);

}  // namespace heddle
