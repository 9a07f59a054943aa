// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workflows/model/build_event.hpp"

namespace heddle {

/// Build events as a build service sends them: a JSON object with the keys of OBS's payload (reference 8.2),
/// `type` and an optional `id`, or an array of such objects.
struct ReadBuildEvents {
    std::vector<BuildEvent> events;
    std::vector<std::string> places;  // of each: "[3]"; of a single one ""
    std::string problem;              // empty: all could be read
    bool too_many = false;
};

/// Reads them all, or says what is wrong with the first that can't be read, and with which of its keys. Keys
/// that it does not know are left alone.
ReadBuildEvents read_build_events(std::string_view body);

}  // namespace heddle
