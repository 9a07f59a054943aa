// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace heddle {

/// One flag as it is stored. Empty repository and architecture mean all of them.
struct Flag {
    std::string type;
    bool enabled = false;
    std::string repository;
    std::string architecture;
};

/// The flags that concern one package: its own and its project's.
struct Flags {
    std::vector<Flag> of_project;
    std::vector<Flag> of_package;
};

/// Is `type` on? The package's flags come before the project's; of one of them the most specific counts:
/// repository and architecture, architecture, repository, all. Without any: `lock` and `debuginfo` are off,
/// everything else is on (reference 6.9).
bool is_on(const Flags& flags,
           std::string_view type,
           const std::string& repository,
           const std::string& architecture);

/// Is anything of the project or package locked as a whole?
bool is_locked(const Flags& flags);

bool is_flag_type(std::string_view type);

}  // namespace heddle
