// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "tests/support/temporary_folder.hpp"

namespace heddle::test {

/// A real sshd on a free port of 127.0.0.1, with a host key, a file of authorized keys and a configuration of
/// its own: each connection gets a process of it, as from inetd. Who logs in is the user that we are.
class SshServer {
public:
    SshServer();
    ~SshServer();
    SshServer(const SshServer&) = delete;
    SshServer& operator=(const SshServer&) = delete;

    int port() const;
    /// "ssh://USER@127.0.0.1:PORT".
    std::string url() const { return url("127.0.0.1"); }
    std::string url(const std::string& host) const;
    static std::string user();

    /// The private key that it knows, as the file has it.
    std::string key() const;
    std::filesystem::path key_file() const { return folder_.path() / "key"; }
    /// A file of known hosts that holds its key under "[127.0.0.1]:PORT" and "[localhost]:PORT".
    std::filesystem::path known_hosts() const { return folder_.path() / "known_hosts"; }

    /// From now on nothing but this is executed for a client.
    void force(const std::string& command);
    /// From now on connections are taken, and nothing is said on them.
    void fall_silent();
    /// How many were made so far.
    std::size_t connections() const;

private:
    struct Parts;

    void configure(const std::string& more) const;

    TemporaryFolder folder_;
    std::unique_ptr<Parts> parts_;
};

/// Makes a private key without a passphrase, or with that one, and beside it FILE.pub. `format`: as
/// ssh-keygen's -m.
void make_ssh_key(const std::filesystem::path& file,
                  const std::string& passphrase = "",
                  const std::string& type = "ed25519",
                  const std::string& format = "RFC4716");

/// Children of a process, zombies among them, that run a program of that name.
int children_named(const std::string& name, pid_t parent);

}  // namespace heddle::test
