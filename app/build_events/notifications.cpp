// SPDX-License-Identifier: Apache-2.0
#include "app/build_events/notifications.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <nlohmann/json.hpp>

namespace heddle {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestRepoid = 64;
constexpr std::int64_t kLatest = 100'000'000'000;  // seconds since 1970: the year 5138

/// A number, or digits: the backend writes either.
std::optional<std::int64_t> number(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end()) return std::nullopt;
    if (found->is_number_integer()) return found->get<std::int64_t>();
    if (!found->is_string()) return std::nullopt;
    const auto& text = found->get_ref<const std::string&>();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

Notification read_entry(const json& entry) {
    Notification notification;
    if (!entry.is_object()) return notification;
    const auto word = entry.find("type");
    if (word == entry.end() || !word->is_string()) return notification;
    notification.type = type_of_notification(word->get_ref<const std::string&>());
    if (!notification.type) return notification;
    notification.read = read_obs_event(*notification.type, entry.value("data", json()));
    // Of a deletion, and of what was never built, the queue alone tells when it was.
    const auto seconds = number(entry, "time");
    BuildEvent& event = notification.read.event;
    if (seconds && *seconds > 0 && *seconds < kLatest && !event.ended_at)
        event.ended_at = TimePoint(std::chrono::seconds(*seconds));
    return notification;
}

}  // namespace

std::optional<Notifications> read_notifications(std::string_view body) {
    const json document = json::parse(body, nullptr, false);
    if (!document.is_object()) return std::nullopt;
    const auto next = number(document, "next");
    if (!next || *next < 1) return std::nullopt;
    Notifications read;
    read.next = *next;
    read.lost = document.contains("sync");
    const json entries = document.value("notification", json::array());
    if (!entries.is_array()) return std::nullopt;
    for (const json& entry : entries) read.entries.push_back(read_entry(entry));
    return read;
}

std::optional<std::string> read_repoid(std::string_view body) {
    constexpr std::string_view kBegin = " repoid=\"";
    const auto at = body.find(kBegin);
    if (!body.starts_with("<hello ") || at == std::string_view::npos) return std::nullopt;
    const std::string_view rest = body.substr(at + kBegin.size());
    const std::string_view id = rest.substr(0, rest.find('"'));
    const bool is_id =
        !id.empty() && id.size() < rest.size() && id.size() <= kLongestRepoid &&
        std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
    return is_id ? std::optional<std::string>(id) : std::nullopt;
}

}  // namespace heddle
