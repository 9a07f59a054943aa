// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

#include "app/http/connection.hpp"

namespace heddle {

/// Connections that may advance, first come first served. Thread-safe.
class WorkQueue {
public:
    void push(std::unique_ptr<Connection> connection);
    /// Waits for one; nullptr: the queue was closed.
    std::unique_ptr<Connection> pop();
    /// Ends those that wait in it.
    void close();

private:
    std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<std::unique_ptr<Connection>> waiting_;
    bool closed_ = false;
};

}  // namespace heddle
