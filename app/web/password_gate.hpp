// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <string>

namespace heddle {

/// Passwords are checked one at a time (app/crypto/password.hpp), and anybody can ask for it: this keeps the
/// crowd in front of it small, so that threads remain for everything else. Thread-safe.
class PasswordGate {
public:
    enum class Answer { Right, Wrong, Busy };

    /// `stored`: empty for a user who does not exist, which takes as long as a wrong password. Busy: too many
    /// wait already.
    Answer check(const std::string& password, const std::string& stored);

private:
    std::atomic<int> asking_{0};
};

}  // namespace heddle
