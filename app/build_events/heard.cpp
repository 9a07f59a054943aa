// SPDX-License-Identifier: Apache-2.0
#include "app/build_events/heard.hpp"

#include <spdlog/spdlog.h>

#include "workflows/model/log_line.hpp"

namespace heddle {
namespace {

constexpr std::chrono::seconds kBetweenComplaints(60);

}  // namespace

bool Heard::take(const std::optional<BuildEventType>& type, const ObsEvent& read, const std::string& which) {
    if (!type) {
        ++counts_["other"];
        return false;
    }
    if (!read.problem.empty()) {
        ++counts_["unusable"];
        if (unusable_++ == 0) why_unusable_ = which + ": " + read.problem;
        return false;
    }
    ++counts_[std::string(to_string(*type))];
    ++usable_;
    return true;
}

void Heard::tell(int stored) {
    if (watch_.heard)
        for (const auto& [type, count] : counts_) watch_.heard(source_, type, count);
    if (usable_ > 0)
        spdlog::info("{}",
                     LogLine("events_heard")
                         .add("source", to_string(source_))
                         .add("accepted", stored)
                         .add("duplicates", usable_ - stored)
                         .text());
    complain();
    forget();
}

/// Whoever sends one such message may send thousands.
void Heard::complain() {
    if (unusable_ == 0 || Clock::now() < next_complaint_) return;
    spdlog::warn("{}",
                 LogLine("events_unusable")
                     .add("source", to_string(source_))
                     .add("count", unusable_)
                     .add("first", why_unusable_)
                     .text());
    unusable_ = 0;
    next_complaint_ = Clock::now() + kBetweenComplaints;
}

void Heard::forget() {
    counts_.clear();
    usable_ = 0;
}

}  // namespace heddle
