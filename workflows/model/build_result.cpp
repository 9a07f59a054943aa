// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/build_result.hpp"

#include <stdexcept>

namespace heddle {

std::string_view to_string(BuildState state) {
    switch (state) {
        case BuildState::Scheduled: return "scheduled";
        case BuildState::Building: return "building";
        case BuildState::Succeeded: return "succeeded";
        case BuildState::Failed: return "failed";
        case BuildState::Broken: return "broken";
        case BuildState::Unresolvable: return "unresolvable";
        case BuildState::Excluded: return "excluded";
        case BuildState::Disabled: return "disabled";
    }
    throw std::logic_error("unknown BuildState");
}

}  // namespace heddle
