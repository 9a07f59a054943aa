// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace heddle {

/// A user's mistake with its place. Lines and columns are 1-based; columns count characters, not bytes.
/// 0 means that the problem has no place (an empty file, say).
struct Problem {
    int line = 0;
    int column = 0;
    std::string message;  // one sentence, without a final full stop

    bool operator==(const Problem&) const = default;
};

/// All problems of one text, in order of place. Empty: there is nothing wrong.
using Problems = std::vector<Problem>;

}  // namespace heddle
