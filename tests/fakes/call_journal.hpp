// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "workflows/model/remote_error.hpp"

namespace heddle::test {

/// What was called on one or several stand-ins, in order, as lines "verb arguments". Here a test also orders
/// that a call waits or fails. All members may be used by several threads.
class CallJournal {
public:
    /// Start: before the call did anything. End: it has done its work, the answer is on its way; a failure
    /// there is a lost answer.
    enum class At { Start, End };

    // The test's side. An order holds for the next call of `verb` only.

    /// The call waits until release(). Nobody waits longer than 20 s: then the call throws
    /// std::runtime_error.
    void block(const std::string& verb, At at = At::Start);
    /// Returns when a call waits there; throws std::runtime_error after 20 s.
    void await_blocked(const std::string& verb, At at = At::Start);
    void release(const std::string& verb, At at = At::Start);
    void fail(const std::string& verb, const RemoteError& error, At at = At::Start);

    std::vector<std::string> lines() const;
    /// Lines that begin with `verb` and a space, or are it.
    std::vector<std::string> lines_of(const std::string& verb) const;
    void clear();

    // The stand-in's side.

    /// Writes the call down, then obeys the orders for its start.
    void start(const std::string& verb, const std::string& arguments);
    /// Obeys the orders for the end of the call.
    void end(const std::string& verb) { obey({verb, At::End}); }

private:
    using Point = std::pair<std::string, At>;
    enum class Gate { Closed, Waiting, Open };

    void obey(const Point& point);

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> lines_;
    std::map<Point, Gate> gates_;
    std::map<Point, RemoteError> failures_;
};

}  // namespace heddle::test
