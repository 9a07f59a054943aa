// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace heddle {

/// What the embedded build service has to ask a git repository. A port: tests have one without git. Slow, it
/// may go over the network: never called while a transaction is open. Thread-safe.
class RefResolver {
public:
    virtual ~RefResolver() = default;

    /// The full hash of the commit that a branch, tag or commit means now; an empty `ref` is what the
    /// repository's HEAD points to. Throws RemoteError: GiveUp when there is no such repository or ref.
    virtual std::string resolve(const std::string& repository, const std::string& ref) = 0;
};

}  // namespace heddle
