// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <git2/sys/transport.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "app/forges/git/library.hpp"
#include "workflows/model/forge_access.hpp"

namespace heddle {

class HttpClient;

/// Limits of one conversation with a git server.
struct ConversationLimits {
    std::chrono::seconds deadline{120};                 // of the whole conversation (design 4.7)
    std::uint64_t most_bytes = std::uint64_t{2} << 30;  // of one answer
};

/// A conversation with a git server, in which libgit2 speaks git's smart protocol and one of ours carries it:
/// libgit2's own transports know no deadline, follow redirects and read the user's settings.
class GitConversation {
public:
    explicit GitConversation(std::string doing);
    virtual ~GitConversation() = default;
    GitConversation(const GitConversation&) = delete;
    GitConversation& operator=(const GitConversation&) = delete;

    /// What libgit2 connects, fetches or pushes with. They refer to this conversation.
    git_remote_callbacks callbacks();

    /// Throws for a negative rc of libgit2: the failure of the conversation where there was one.
    void check(int rc) const;

    bool failed() const { return failure_ != nullptr; }

    /// What the server says about a reference that it did not take; empty: nothing.
    const std::string& refusal() const { return refusal_; }

    /// Called back by libgit2; answers its rc.
    virtual int make_transport(git_transport** out, git_remote* owner) = 0;
    void remember_refusal(const char* words) { refusal_ = words; }
    /// Keeps the exception that is being handled for check(), since none may pass through libgit2.
    int remember_failure() noexcept;

protected:
    const std::string& doing() const { return doing_; }

private:
    std::string doing_;
    std::exception_ptr failure_;
    std::string refusal_;
};

/// A repository behind the network, and in whose name it is asked.
struct RemoteRepository {
    HttpClient* client = nullptr;  // must outlive it
    ForgeAccess access;            // for the place of `url`, see access_at()
    std::string url;
    std::filesystem::path folder;  // where answers are kept, unnamed, while they are read
    ConversationLimits limits;
};

/// The conversation that the scheme of the URL wants. `repository.folder` exists.
std::unique_ptr<GitConversation> converse(const RemoteRepository& repository, const std::string& doing);

}  // namespace heddle
