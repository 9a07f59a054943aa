// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/run_mark.hpp"

#include <charconv>
#include <string_view>

namespace heddle {
namespace {

constexpr std::string_view kRun = "heddle run ";
constexpr std::string_view kAttempt = " attempt ";

}  // namespace

std::string run_mark(std::int64_t run_id, int attempt) {
    const std::string mark = std::string(kRun) + std::to_string(run_id);
    return attempt == 1 ? mark : mark + std::string(kAttempt) + std::to_string(attempt);
}

std::optional<std::int64_t> run_of_mark(const std::string& mark) {
    if (!mark.starts_with(kRun)) return std::nullopt;
    std::int64_t run_id = 0;
    const char* const end = mark.data() + mark.size();
    const auto [rest, problem] = std::from_chars(mark.data() + kRun.size(), end, run_id);
    const bool whole = rest == end || std::string_view(rest, end).starts_with(kAttempt);
    if (problem != std::errc() || !whole) return std::nullopt;
    return run_id;
}

}  // namespace heddle
