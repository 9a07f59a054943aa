// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "workflows/model/build_event.hpp"

namespace heddle {

/// What OBS says happened, by the type of a notification of its backend ("BUILD_SUCCESS"; obs-backend,
/// section 5). nullopt: something that is none of our business.
std::optional<BuildEventType> type_of_notification(std::string_view word);
/// The same by the routing key of a message on its bus ("opensuse.obs.package.build_success"); what stands
/// before the last two words is the instance's namespace.
std::optional<BuildEventType> type_of_routing_key(std::string_view key);

/// A notification or message of OBS, read.
struct ObsEvent {
    BuildEvent event;     // without an id
    std::string problem;  // not empty: it can't be read; says which key is wrong
    /// What it says: equal for the same message in any order of its keys.
    std::string wording;
    bool timed = false;  // it says when it happened, so what is equal is the same
};

/// Reads OBS's payload (reference 8.2). Its `reason` tells why OBS built ("source change") and is no reason
/// of a result: only of what could not be built at all it is taken for one.
ObsEvent read_obs_event(BuildEventType type, const nlohmann::json& payload);

}  // namespace heddle
