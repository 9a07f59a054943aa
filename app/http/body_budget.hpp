// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>

namespace heddle {

/// The bytes that all bodies in memory may have together. Thread-safe.
class BodyBudget {
public:
    explicit BodyBudget(std::size_t most) : left_(most) {}

    /// One body's part of it, given back at its end.
    class Share {
    public:
        explicit Share(BodyBudget& budget) : budget_(budget) {}
        ~Share() { release(); }
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;

        /// Has at least `bytes` afterwards; false: there are not so many left.
        bool raise_to(std::size_t bytes);
        void release();

    private:
        BodyBudget& budget_;
        std::size_t held_ = 0;
    };

private:
    std::atomic<std::size_t> left_;
};

}  // namespace heddle
