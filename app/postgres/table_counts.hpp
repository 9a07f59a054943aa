// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace heddle {

/// How many rows of a table are in one state.
struct TableCount {
    std::string table;  // "runs", "jobs", "reports"
    std::string kind;   // of jobs; otherwise empty
    std::string state;
    std::int64_t rows = 0;
};

}  // namespace heddle
