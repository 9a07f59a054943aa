// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "reporters/note_store.hpp"

namespace heddle {

/// Notes under refs/notes/heddle, written directly into repositories of this machine. `repository` is a plain
/// absolute path or a file:// URL. Thread-safe. Writers of other threads and processes lose nothing: the
/// reference is replaced only while it is what was read. (`git notes` does not compare: what it overwrites in
/// that moment is lost.) What root writes into a user's repository belongs to that user.
class GitNotes : public NoteStore {
public:
    static constexpr const char* kReference = "refs/notes/heddle";

    std::string place_of(const std::string& repository, const ForgeAccess& access) override;
    std::optional<std::string> read(const std::string& repository, const std::string& commit_sha) override;
    void update(const std::string& repository,
                const std::string& commit_sha,
                const std::function<std::string(const std::string& present)>& change) override;
};

}  // namespace heddle
