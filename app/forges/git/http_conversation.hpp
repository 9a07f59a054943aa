// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <git2/sys/transport.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <string>

#include "app/forges/git/library.hpp"
#include "workflows/model/forge_access.hpp"

namespace heddle {

class HttpClient;

/// Limits of one conversation with a git server.
struct GitHttpLimits {
    std::chrono::seconds deadline{120};                 // of the whole conversation (design 4.7)
    std::uint64_t most_bytes = std::uint64_t{2} << 30;  // of one answer
};

/// A conversation with a git server over HTTP: git's smart protocol carried by our own client, so that its
/// rules (one origin, checked address, deadline, limit) hold for git too. libgit2's own transport has no
/// timeout and follows redirects by itself. Redirects are followed within the origin, for the first request
/// alone, as git does.
class GitHttpConversation {
public:
    /// `url`: of the repository, in the origin of access.api_url. `spool_folder`: exists; answers are kept
    /// there, unnamed, while they are read. `client` must outlive it.
    GitHttpConversation(HttpClient& client,
                        ForgeAccess access,
                        std::string url,
                        std::filesystem::path spool_folder,
                        const GitHttpLimits& limits,
                        std::string doing);

    /// What libgit2 connects or fetches with. They refer to this conversation.
    git_remote_callbacks callbacks();

    /// Throws for a negative rc of libgit2: the failure of the conversation where there was one.
    void check(int rc) const;

    bool failed() const { return failure_ != nullptr; }

    /// What the server says about a reference that it did not take; empty: nothing.
    const std::string& refusal() const { return refusal_; }

    /// Sends what was written and keeps the answer in `spool`, a descriptor. Called back by the transport.
    void exchange(git_smart_service_t service, const std::string& body, int spool);
    void remember_refusal(const char* words) { refusal_ = words; }
    /// Keeps the exception that is being handled for check(), since none may pass through libgit2.
    int remember_failure() noexcept;
    /// A descriptor of an unnamed file.
    int open_spool() const;

private:
    HttpClient& client_;
    ForgeAccess access_;
    std::string url_;
    std::filesystem::path spool_folder_;
    std::chrono::steady_clock::time_point until_;
    std::uint64_t most_bytes_;
    std::string doing_;
    std::exception_ptr failure_;
    std::string refusal_;
};

}  // namespace heddle
