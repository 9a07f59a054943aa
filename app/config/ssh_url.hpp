// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heddle {

/// The place of a repository, or of a folder of them, behind ssh.
struct SshUrl {
    std::string user;  // empty: none is named
    std::string host;  // lower case; an IPv6 address without its brackets
    int port = 22;
    std::string path;  // decoded, begins with '/', without one at the end; empty: the root

    /// User, host and port: whom a credential may be shown to. "ssh://git@forge.example:2222".
    std::string origin() const;
    /// The whole URL, written the one way that two equal URLs are; the path is percent-encoded.
    std::string text() const;
    /// Is it a place in that folder, for the same user of the same server? Without a user: for any.
    bool lies_in(const SshUrl& folder) const;
};

/// Reads "ssh://[USER@]HOST[:PORT]/PATH" and git's short form "[USER@]HOST:PATH", which is taken as
/// ssh://[USER@]HOST/PATH (git-fetch(1), "Git URLs"). Nothing where `text` is neither, or where it could be
/// taken for something else: a password, a user or host that begins with '-', a path with "..", control
/// characters, a query, a fragment.
std::optional<SshUrl> parse_ssh_url(std::string_view text);

}  // namespace heddle
