// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <fstream>
#include <string>

#include "app/forges/git/forge_notes.hpp"
#include "app/net/http_client.hpp"
#include "tests/contract/app/forges/git/mirror_world.hpp"
#include "tests/support/ssh_server.hpp"

namespace heddle::test {

/// A repository behind a real sshd on the loopback, and mirrors and notes that reach it.
struct SshWorld {
    TemporaryFolder folder;
    GitRepository repository;
    SshServer server;
    HttpClient client;
    ForgeAccess forge{
        "src", "git", "", server.url() + root(), true, server.key(), 0, server.known_hosts().string()};
    ConversationLimits limits;
    fs::path target = folder.path() / "target";

    std::string root() const { return repository.path().parent_path().string(); }
    std::string url() const { return server.url() + repository.path().string(); }
    Mirrors mirrors() {
        return Mirrors(folder.path() / "mirrors",
                       GitOverNetwork{&client, [this](const std::string&) { return forge; }, limits});
    }
    ForgeNotes notes() { return {client, folder.path() / "mirrors", limits}; }
    void append(const std::string& id, const std::string& line) {
        notes().update(url(), id, forge, [&](const std::string& present) { return present + line + "\n"; });
    }
    /// With its place alone; nothing is read from it.
    std::string told(RemoteError::Kind kind) {
        return refusal(kind, [&] { mirrors().resolve(url(), "main"); });
    }
};

inline int children_named(const std::string& name) { return children_named(name, ::getpid()); }

}  // namespace heddle::test
