// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/postgres/table_counts.hpp"

namespace heddle {

/// What this process counts, for Prometheus. Labels come from closed sets, never from a stranger.
/// Thread-safe.
class Metrics {
public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    /// A delivery that was stored. `time`: from its last byte to the answer.
    void delivery(const std::string& forge_kind, const std::string& verdict, std::chrono::nanoseconds time);
    /// A request to an endpoint that left nothing behind; `code` as it was answered.
    void refusal(const std::string& code);
    void build_events(int accepted, int duplicates);
    /// What a listener of ours heard. `source`: "bus", "notifications"; `type`: a build event's, "other" or
    /// "unusable".
    void events_heard(const std::string& source, const std::string& type, int count);
    /// This process listens there, or no longer.
    void listening(const std::string& source, bool on);

    /// The text format of Prometheus, version 0.0.4. `counts`: of the database; nullopt: it did not tell.
    std::string text(const std::optional<std::vector<TableCount>>& counts) const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace heddle
