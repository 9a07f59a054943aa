// SPDX-License-Identifier: Apache-2.0
#include "reporters/commit_status.hpp"

#include <stdexcept>

namespace heddle {

std::string_view to_string(StatusState state) {
    switch (state) {
        case StatusState::Success: return "success";
        case StatusState::Pending: return "pending";
        case StatusState::Failure: return "failure";
        case StatusState::Error: return "error";
    }
    throw std::logic_error("unknown StatusState");
}

std::optional<StatusState> status_state_from(std::string_view text) {
    for (const StatusState state :
         {StatusState::Success, StatusState::Pending, StatusState::Failure, StatusState::Error})
        if (text == to_string(state)) return state;
    return std::nullopt;
}

}  // namespace heddle
