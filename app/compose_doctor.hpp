// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/config/config.hpp"

namespace heddle {

/// One thing that `heddle doctor` looked at.
struct Finding {
    std::string about;  // "database"
    bool ok = false;
    std::string text;   // one sentence: how it stands, or what to mend
    bool note = false;  // it works like that, but somebody should know
};

/// Looks at everything that Heddle stands on. Makes nothing that is not there. With `try_repository` at the
/// database of `heddle try` for that repository, and at the repository. `project`: of the Open Build Service,
/// may it be changed? Throws WrongUse where there is none.
std::vector<Finding> examine(const Config& config,
                             const std::optional<std::string>& try_repository,
                             const std::optional<std::string>& project);

}  // namespace heddle
