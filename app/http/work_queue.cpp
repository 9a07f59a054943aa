// SPDX-License-Identifier: Apache-2.0
#include "app/http/work_queue.hpp"

#include <utility>

namespace heddle {

void WorkQueue::push(std::unique_ptr<Connection> connection) {
    {
        const std::scoped_lock lock(mutex_);
        if (closed_) return;
        waiting_.push_back(std::move(connection));
    }
    filled_.notify_one();
}

std::unique_ptr<Connection> WorkQueue::pop() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
    if (closed_) return nullptr;
    auto first = std::move(waiting_.front());
    waiting_.pop_front();
    return first;
}

void WorkQueue::close() {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    waiting_.clear();
    filled_.notify_all();
}

}  // namespace heddle
