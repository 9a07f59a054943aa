// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "app/config/ssh_url.hpp"
#include "app/forges/git/child_program.hpp"
#include "app/forges/git/conversation.hpp"
#include "app/forges/git/ssh_command.hpp"

namespace heddle {

/// A conversation with a git server over ssh: git's smart protocol carried by the program ssh, which is given
/// nothing but the forge's file of host keys, the token's key and a checked address. One run of it serves one
/// connection; all of them share the deadline.
class GitSshConversation : public GitConversation {
public:
    /// `place`: below access.api_url, see access_at(). access.credential: a private key.
    GitSshConversation(ForgeAccess access, SshUrl place, const ConversationLimits& limits, std::string doing);

    int make_transport(git_transport** out, git_remote* owner) override;

    /// Called back by the transport. begin() returns when the server has said its first word.
    void begin(const std::string& program);
    std::size_t read(char* to, std::size_t size);
    void write(std::string_view bytes);
    void end() noexcept;

private:
    ForgeAccess access_;
    SshUrl place_;
    std::chrono::steady_clock::time_point until_;
    std::uint64_t most_bytes_;
    std::uint64_t taken_ = 0;
    std::unique_ptr<ChildProgram> ssh_;
};

}  // namespace heddle
