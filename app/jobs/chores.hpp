// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace heddle {

/// Something that a process does again and again, beside its jobs.
struct Chore {
    std::string name;
    std::chrono::milliseconds every{60'000};
    std::function<void()> run;  // what it throws is logged; the next time comes anyway
};

/// One thread that does chores, each at once and then every so often, until it is destroyed.
class Chores {
public:
    explicit Chores(std::vector<Chore> chores);

private:
    std::jthread thread_;
};

}  // namespace heddle
