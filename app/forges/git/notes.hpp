// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace heddle {

/// Notes under refs/notes/heddle, written directly into repositories of this machine. `repository` is a plain
/// absolute path or a file:// URL. Thread-safe. Writers of other threads and processes lose nothing: the
/// reference is replaced only while it is what was read. (`git notes` does not compare: what it overwrites in
/// that moment is lost.) What root writes into a user's repository belongs to that user.
class GitNotes {
public:
    static constexpr const char* kReference = "refs/notes/heddle";

    /// The note of a commit; nullopt: it has none. Throws RemoteError; GiveUp when the commit is not there.
    std::optional<std::string> read(const std::string& repository, const std::string& commit_sha);
    /// Replaces the note by what `change` makes of the present one. When somebody else wrote in between,
    /// `change` is called again with what stands there now. Throws RemoteError.
    void update(const std::string& repository,
                const std::string& commit_sha,
                const std::function<std::string(const std::string& present)>& change);
};

}  // namespace heddle
