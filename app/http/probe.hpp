// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

namespace heddle {

/// Asks something that may hang: by a thread of its own, never twice at a time, and not again while the last
/// answer is young. Thread-safe. Its end waits for a question that is still open.
template <class Answer>
class Probe {
public:
    struct Result {
        std::optional<Answer> answer;
        std::string trouble;  // why there is none, in one sentence
    };

    /// `patience`: how long a caller waits; `age`: how long an answer, or its absence, is good.
    Probe(std::function<Answer()> ask, std::chrono::milliseconds patience, std::chrono::milliseconds age)
        : ask_(std::move(ask)),
          patience_(patience),
          age_(age),
          thread_([this](std::stop_token stop) { run(stop); }) {}

    Result get() {
        std::unique_lock lock(mutex_);
        if (result_ && Clock::now() < good_until_) return *result_;
        if (!std::exchange(asking_, true)) {
            asked_at_ = Clock::now();
            changed_.notify_all();
        }
        // Counted from the question: while it hangs, only its first callers wait.
        if (changed_.wait_until(lock, asked_at_ + patience_, [&] { return !asking_; })) return *result_;
        return {std::nullopt, "there was no answer within " + std::to_string(patience_.count()) + " ms"};
    }

private:
    using Clock = std::chrono::steady_clock;

    void run(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (changed_.wait(lock, stop, [&] { return asking_; })) {
            lock.unlock();
            Result result = outcome();
            lock.lock();
            result_ = std::move(result);
            good_until_ = Clock::now() + age_;
            asking_ = false;
            changed_.notify_all();
        }
    }

    Result outcome() const {
        try {
            return {ask_(), {}};
        } catch (const std::exception& error) {
            return {std::nullopt, error.what()};
        }
    }

    const std::function<Answer()> ask_;
    const std::chrono::milliseconds patience_;
    const std::chrono::milliseconds age_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    bool asking_ = false;
    Clock::time_point asked_at_;
    std::optional<Result> result_;
    Clock::time_point good_until_;
    std::jthread thread_;  // last: it uses what stands above
};

}  // namespace heddle
