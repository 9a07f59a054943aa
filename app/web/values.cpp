// SPDX-License-Identifier: Apache-2.0
#include "app/web/values.hpp"

#include <algorithm>
#include <array>

#include "app/web/shown_text.hpp"

namespace heddle {
namespace {

std::string_view tone_of(std::string_view word) {
    static constexpr std::array kGood{
        "success", "succeeded", "done", "accepted", "sent", "confirmed", "runs"};
    static constexpr std::array kBad{
        "fail", "failed", "failure", "error", "broken", "unresolvable", "rejected", "given up"};
    static constexpr std::array kBusy{"queued", "running", "pending", "scheduled", "building", "sending"};
    const auto among = [&](const auto& words) {
        return std::find(words.begin(), words.end(), word) != words.end();
    };
    return among(kGood) ? "good" : among(kBad) ? "bad" : among(kBusy) ? "busy" : "plain";
}

}  // namespace

Values& Values::text(const std::string& name, std::string_view value) {
    std::string shown = shown_text(value);
    if (shown.empty())
        all_.emplace_back(name, false);
    else
        all_.emplace_back(name, std::move(shown));
    return *this;
}

Values& Values::number(const std::string& name, std::int64_t value) {
    return text(name, std::to_string(value));
}

Values& Values::flag(const std::string& name, bool value) {
    all_.emplace_back(name, value);
    return *this;
}

Values& Values::list(const std::string& name, List items) {
    all_.emplace_back(name, std::move(items));
    return *this;
}

Values& Values::state(const std::string& name, std::string_view word) {
    std::string words(word);
    std::replace(words.begin(), words.end(), '_', ' ');
    return text(name, words).text(name + "_tone", tone_of(words));
}

}  // namespace heddle
