// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "app/forges/git/conversation.hpp"
#include "reporters/note_store.hpp"

namespace heddle {

/// Notes in the repositories of forges of plain git: written directly where a repository is on this machine,
/// pushed with the forge's credential where it is behind http, https or ssh. Thread-safe.
class ForgeNotes : public NoteStore {
public:
    /// Only on this machine.
    ForgeNotes() = default;
    /// `client` must outlive it. `directory`: data_dir/mirrors.
    ForgeNotes(HttpClient& client, std::filesystem::path directory, const ConversationLimits& limits = {});

    std::optional<std::string> read(const std::string& repository,
                                    const std::string& commit_sha,
                                    const ForgeAccess& access) override;
    void update(const std::string& repository,
                const std::string& commit_sha,
                const ForgeAccess& access,
                const std::function<std::string(const std::string& present)>& change) override;

private:
    HttpClient* client_ = nullptr;
    std::filesystem::path directory_;
    ConversationLimits limits_;
};

}  // namespace heddle
