// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "workflows/model/forge_access.hpp"

namespace heddle {

/// A repository where a commit may be.
struct CommitPlace {
    std::string url;        // fit for Mirrors
    ForgeAccess access;     // in whose name it is asked
    std::string reference;  // whose history is searched beside the branches'; empty: none
};

}  // namespace heddle
