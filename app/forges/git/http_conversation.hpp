// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "app/forges/git/conversation.hpp"
#include "workflows/model/forge_access.hpp"

namespace heddle {

class HttpClient;

/// A conversation with a git server over HTTP: git's smart protocol carried by our own client, so that its
/// rules (one origin, checked address, deadline, limit) hold for git too. Redirects are followed within the
/// origin, for the first request alone, as git does.
class GitHttpConversation : public GitConversation {
public:
    /// `url`: of the repository, in the origin of access.api_url. `spool_folder`: exists; answers are kept
    /// there, unnamed, while they are read. `client` must outlive it.
    GitHttpConversation(HttpClient& client,
                        ForgeAccess access,
                        std::string url,
                        std::filesystem::path spool_folder,
                        const ConversationLimits& limits,
                        std::string doing);

    int make_transport(git_transport** out, git_remote* owner) override;

    /// Sends what was written and keeps the answer in `spool`, a descriptor. Called back by the transport.
    void exchange(git_smart_service_t service, const std::string& body, int spool);
    /// A descriptor of an unnamed file.
    int open_spool() const;

private:
    HttpClient& client_;
    ForgeAccess access_;
    std::string url_;
    std::filesystem::path spool_folder_;
    std::chrono::steady_clock::time_point until_;
    std::uint64_t most_bytes_;
};

}  // namespace heddle
