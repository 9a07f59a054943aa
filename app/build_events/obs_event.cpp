// SPDX-License-Identifier: Apache-2.0
#include "app/build_events/obs_event.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "workflows/model/read_build_events.hpp"

namespace heddle {
namespace {

using nlohmann::json;
using Word = std::pair<std::string_view, BuildEventType>;

constexpr std::array<Word, 7> kNotifications{{{"BUILD_SUCCESS", BuildEventType::BuildSuccess},
                                              {"BUILD_FAIL", BuildEventType::BuildFail},
                                              {"BUILD_UNCHANGED", BuildEventType::BuildUnchanged},
                                              {"BUILD_BROKEN", BuildEventType::BuildBroken},
                                              {"BUILD_UNRESOLVABLE", BuildEventType::BuildUnresolvable},
                                              {"SRCSRV_DELETE_PACKAGE", BuildEventType::PackageDeleted},
                                              {"SRCSRV_DELETE_PROJECT", BuildEventType::ProjectDeleted}}};
constexpr std::array<Word, 8> kRoutingKeys{{{"package.build_success", BuildEventType::BuildSuccess},
                                            {"package.build_fail", BuildEventType::BuildFail},
                                            {"package.build_unchanged", BuildEventType::BuildUnchanged},
                                            {"package.build_broken", BuildEventType::BuildBroken},
                                            {"package.build_unresolvable", BuildEventType::BuildUnresolvable},
                                            {"package.delete", BuildEventType::PackageDeleted},
                                            {"project.delete", BuildEventType::ProjectDeleted},
                                            {"request.state_change", BuildEventType::RequestStateChange}}};

constexpr std::array<const char*, 4> kTimes{"starttime", "endtime", "readytime", "when"};

template <std::size_t N>
std::optional<BuildEventType> find(const std::array<Word, N>& words, std::string_view word) {
    const auto found =
        std::find_if(words.begin(), words.end(), [word](const Word& entry) { return entry.first == word; });
    return found == words.end() ? std::nullopt : std::optional(found->second);
}

/// The payload without what it has no use for: values of values (a stranger's may be nested very deeply)
/// become an empty list, which no key of ours may be.
json flat(const json& payload) {
    json object = json::object();
    for (const auto& [key, value] : payload.items())
        object[key] = value.is_structured() ? json::array() : value;
    return object;
}

/// Why something could not be built, in whichever key it stands.
json text_of(const json& payload) {
    for (const char* key : {"details", "error", "reason"})
        if (const auto found = payload.find(key); found != payload.end() && *found != "") return *found;
    return nullptr;
}

bool is_timed(const json& payload) {
    return std::any_of(kTimes.begin(), kTimes.end(), [&](const char* key) {
        const auto found = payload.find(key);
        return found != payload.end() && !found->is_null() && *found != "";
    });
}

}  // namespace

std::optional<BuildEventType> type_of_notification(std::string_view word) {
    return find(kNotifications, word);
}

std::optional<BuildEventType> type_of_routing_key(std::string_view key) {
    const auto last = key.rfind('.');
    const auto before = last == std::string_view::npos || last == 0 ? last : key.rfind('.', last - 1);
    return find(kRoutingKeys, before == std::string_view::npos ? key : key.substr(before + 1));
}

ObsEvent read_obs_event(BuildEventType type, const json& payload) {
    ObsEvent read;
    if (!payload.is_object()) {
        read.problem = "it is no object";
        return read;
    }
    json object = flat(payload);
    read.wording = std::string(to_string(type)) + " " + object.dump();
    read.timed = is_timed(object);
    const bool unbuilt = type == BuildEventType::BuildBroken || type == BuildEventType::BuildUnresolvable;
    object["reason"] = unbuilt ? text_of(object) : json();
    object["type"] = to_string(type);
    // Of a request it may be its number, of everything else it is none of ours.
    if (type != BuildEventType::RequestStateChange) object.erase("id");
    ReadBuildEvents known = read_build_events(object.dump());
    read.problem = std::move(known.problem);
    if (!known.events.empty()) read.event = std::move(known.events.front());
    return read;
}

}  // namespace heddle
