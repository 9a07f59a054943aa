// SPDX-License-Identifier: Apache-2.0
#include "app/config/forge_kinds.hpp"

#include <algorithm>

namespace heddle {

const std::vector<ForgeKind>& forge_kinds() {
    static const std::vector<ForgeKind> kKinds{
        {"github", true, false},
        {"gitlab", true, true},  // X-Gitlab-Token
        {"gitea", true, false},  // Forgejo too
        {"git", false, false},
    };
    return kKinds;
}

const ForgeKind* find_forge_kind(std::string_view name) {
    const auto& kinds = forge_kinds();
    const auto found =
        std::find_if(kinds.begin(), kinds.end(), [name](const ForgeKind& kind) { return kind.name == name; });
    return found == kinds.end() ? nullptr : &*found;
}

const std::vector<ForgeConfig>& known_forges() {
    static const std::vector<ForgeConfig> kForges{
        {"github.com", "github", "https://github.com", "https://api.github.com", false},
        {"gitlab.com", "gitlab", "https://gitlab.com", "https://gitlab.com/api/v4", false},
    };
    return kForges;
}

}  // namespace heddle
