// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace heddle {

/// A request to take a package's sources into another one, as its build service tells of it.
struct Request {
    std::int64_t number = 0;
    std::string state;    // "new", "review", "accepted", "declined", "revoked", "superseded"; OBS has others
    std::string comment;  // of the last change of state; may be empty
};

/// Can the state still become "accepted"? What was declined can be opened again (reference 6.10).
inline bool is_open_request(std::string_view state) {
    return state == "new" || state == "review" || state == "declined";
}

}  // namespace heddle
