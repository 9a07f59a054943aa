// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "workflows/model/forge_access.hpp"

namespace heddle {

/// The notes of a plain git repository under one ref: the transport of the reporter for git.
class NoteStore {
public:
    virtual ~NoteStore() = default;

    // `repository`: as a status names it, and as the forge's configuration opens it; an access without
    // api_url is that of a command line and opens any. All throw RemoteError; GiveUp for a place that is not
    // the forge's or where no notes can be written.

    /// The note of a commit; nullopt: it has none. GiveUp when it is known that the commit is not there.
    virtual std::optional<std::string> read(const std::string& repository,
                                            const std::string& commit_sha,
                                            const ForgeAccess& access) = 0;
    /// Replaces the note by what `change` makes of the present one. When somebody else wrote in between,
    /// `change` is called again with what stands there now.
    virtual void update(const std::string& repository,
                        const std::string& commit_sha,
                        const ForgeAccess& access,
                        const std::function<std::string(const std::string& present)>& change) = 0;
};

}  // namespace heddle
