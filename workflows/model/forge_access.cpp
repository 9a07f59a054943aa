// SPDX-License-Identifier: Apache-2.0
#include "workflows/model/forge_access.hpp"

namespace heddle {

std::string why_no_credential(const ForgeAccess& access) {
    if (access.locked_token == 0) return "the token has no forge credential";
    const std::string token = "token " + std::to_string(access.locked_token);
    return "the credential of " + token + " is locked, since the address of " + access.name +
           " has changed: `heddle token confirm " + std::to_string(access.locked_token) +
           "` lets it go there";
}

}  // namespace heddle
