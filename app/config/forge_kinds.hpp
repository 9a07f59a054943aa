// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "app/config/config.hpp"

namespace heddle {

/// What is the same for all forges that run the same software.
struct ForgeKind {
    std::string_view name;
    bool has_web;       // reached by http: it has a page and an API
    bool sends_secret;  // its webhooks carry the secret itself, not a signature made with it
};

/// All kinds, in the order of the documentation.
const std::vector<ForgeKind>& forge_kinds();

/// Null: there is none of that name.
const ForgeKind* find_forge_kind(std::string_view name);

/// The public forges, known without being listed.
const std::vector<ForgeConfig>& known_forges();

}  // namespace heddle
