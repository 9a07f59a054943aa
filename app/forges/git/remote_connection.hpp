// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/forges/git/conversation.hpp"
#include "app/forges/git/library.hpp"

namespace heddle {

using GitRemoteHandle = GitHandle<::git_remote, git_remote_free>;

/// A reference that the server has; of an annotated tag there are two, the second ends in "^{}".
struct Advertised {
    std::string name;
    git_oid id{};
};

/// A connection to fetch by, which has the server's references. All throw RemoteError.
class RemoteConnection {
public:
    /// `repository` null: only to look at the references.
    RemoteConnection(std::unique_ptr<GitConversation> conversation,
                     ::git_repository* repository,
                     const std::string& url,
                     const std::string& doing);

    std::vector<Advertised> references();
    /// False: the server would not give that. Throws when the conversation itself failed.
    bool fetch(std::vector<std::string> specs);

private:
    std::unique_ptr<GitConversation> conversation_;
    GitRemoteHandle remote_;
};

/// Sends `spec` ("refs/x:refs/x") to the server, which must be at what it replaces. False: it is somewhere
/// else by now, or refused; then conversation.refusal() says what the server said, where it said anything.
bool push(GitConversation& conversation,
          ::git_repository* repository,
          const std::string& url,
          std::string spec,
          const std::string& doing);

}  // namespace heddle
