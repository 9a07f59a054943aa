// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace heddle {

/// Everything needed to talk to one forge in the name of one token. The credential goes to the origin
/// (scheme, host, port) of `api_url` and nowhere else (design, section 10).
struct ForgeAccess {
    std::string name;  // of the configured forge
    std::string kind;  // which software it runs, "git" of a plain repository
    std::string web_url;
    std::string api_url;           // without a '/' at the end
    bool private_network = false;  // its address may be in a private range
    std::string credential;        // of a forge behind ssh a private key; empty: what everybody may read
    /// The token whose credential may not be used, since the forge's origin changed (design 6.4); 0: no lock.
    std::int64_t locked_token = 0;
    std::string known_hosts{};  // behind ssh: the file with the keys that its host may show
};

/// Why there is no credential, with what its owner can do where it is locked. Pure.
std::string why_no_credential(const ForgeAccess& access);

}  // namespace heddle
