// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "workflows/model/forge_access.hpp"
#include "workflows/model/scm_event.hpp"

namespace heddle {

/// Where the configuration file comes from.
class ConfigSource {
public:
    virtual ~ConfigSource() = default;

    /// The file's raw text from the target branch (or the pushed tag) of the event.
    /// nullopt: the repository was asked and has no such file there. Throws RemoteError when it could not be
    /// asked, and GiveUp when the file is too large.
    virtual std::optional<std::string> read(const ScmEvent& event,
                                            const std::string& path,
                                            const ForgeAccess& access) = 0;
};

}  // namespace heddle
