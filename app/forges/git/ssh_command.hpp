// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "app/config/ssh_url.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {

/// One run of the program ssh.
struct SshCall {
    SshUrl place;                      // with a user
    std::string address;               // numeric, checked: what is connected to
    std::string key_file;              // without white space
    std::string known_hosts;           // the same
    std::string program;               // "git-upload-pack", "git-receive-pack"
    std::chrono::seconds patience{0};  // until there is a connection; at least 1 s
};

/// Its command line (ssh(1), ssh_config(5)): nobody's settings are read, nothing is asked, the host must show
/// a key of `known_hosts`, we show the key of `key_file` alone, nothing is forwarded. Pure.
std::vector<std::string> ssh_command(const SshCall& call);

/// How known_hosts files name the host (sshd(8)): "[git.example.org]:2222", without brackets for port 22.
std::string host_in_known_hosts(const SshUrl& place);

/// Why ssh ended before the far side said a word. `exit_code` nothing: it was killed. 255 is an error of ssh
/// itself, everything else is the far program's (ssh(1), "Exit status"); `complaints`: its standard error.
RemoteError ssh_failure(std::optional<int> exit_code,
                        const std::string& complaints,
                        const SshCall& call,
                        const std::string& doing);

/// No connection came about: another address of the host may do better.
bool is_unreached(std::optional<int> exit_code, const std::string& complaints);

}  // namespace heddle
