// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/ssh_command.hpp"

#include <algorithm>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using Kind = RemoteError::Kind;

constexpr int kOwnError = 255;
constexpr std::size_t kMostShown = 300;

/// One word for the far side's shell, quoted as git does: servers that are no shell understand just that.
std::string quoted_for_shell(const std::string& text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'' || c == '!')
            quoted += std::string("'\\") + c + "'";
        else
            quoted += c;
    }
    return quoted + "'";
}

/// "/~/x" and "/~ann/x" are below a home (git-fetch(1), "Git URLs").
std::string path_at_host(const std::string& path) { return path.starts_with("/~") ? path.substr(1) : path; }

bool says(const std::string& complaints, const char* words) {
    return complaints.find(words) != std::string::npos;
}

/// Its last words, in one line.
std::string last_words(const std::string& complaints) {
    std::string text = one_line(complaints);
    while (text.ends_with(' ')) text.pop_back();
    if (text.size() > kMostShown) text = text.substr(text.size() - kMostShown);
    return text.empty() ? "nothing" : heddle::quoted(text);
}

RemoteError own_failure(const std::string& complaints, const SshCall& call, const std::string& doing) {
    const std::string host = host_in_known_hosts(call.place);
    if (says(complaints, "REMOTE HOST IDENTIFICATION HAS CHANGED"))
        return {Kind::GiveUp, doing, host + " shows another key than " + call.known_hosts + " has for it"};
    if (says(complaints, "host key is known for"))
        return {Kind::GiveUp, doing, call.known_hosts + " has no key of " + host};
    if (says(complaints, "Host key verification failed") || says(complaints, "host key type found"))
        return {Kind::GiveUp, doing, host + " shows no key that " + call.known_hosts + " has for it"};
    if (says(complaints, "error in libcrypto") || says(complaints, "invalid format"))
        return {Kind::BadCredentials, doing, "the token's credential is no private key that ssh can read"};
    // Before "Permission denied", which it may say of the file.
    if (says(complaints, "Load key"))
        return {Kind::Retry, doing, "ssh could not read the key: " + last_words(complaints)};
    if (says(complaints, "Permission denied ("))
        return {Kind::BadCredentials, doing, host + " does not know the token's key"};
    return {Kind::Retry, doing, "ssh says " + last_words(complaints)};
}

}  // namespace

std::string host_in_known_hosts(const SshUrl& place) {
    return place.port == 22 ? place.host : "[" + place.host + "]:" + std::to_string(place.port);
}

std::vector<std::string> ssh_command(const SshCall& call) {
    const auto patience = std::max(call.patience, std::chrono::seconds(1)).count();
    std::vector<std::string> command{"ssh", "-F", "/dev/null", "-T", "-a", "-x"};
    for (const std::string& option : {std::string("BatchMode=yes"),
                                      std::string("StrictHostKeyChecking=yes"),
                                      "UserKnownHostsFile=" + call.known_hosts,
                                      std::string("GlobalKnownHostsFile=/dev/null"),
                                      std::string("UpdateHostKeys=no"),
                                      std::string("VerifyHostKeyDNS=no"),
                                      "HostKeyAlias=" + host_in_known_hosts(call.place),
                                      "HostName=" + call.address,
                                      std::string("IdentitiesOnly=yes"),
                                      std::string("IdentityAgent=none"),
                                      "IdentityFile=" + call.key_file,
                                      std::string("PreferredAuthentications=publickey"),
                                      std::string("ClearAllForwardings=yes"),
                                      std::string("ControlMaster=no"),
                                      std::string("ControlPath=none"),
                                      std::string("ProxyCommand=none"),
                                      std::string("PermitLocalCommand=no"),
                                      "ConnectTimeout=" + std::to_string(patience),
                                      std::string("ServerAliveInterval=30"),
                                      std::string("LogLevel=ERROR")})
        command.insert(command.end(), {"-o", option});
    command.insert(command.end(),
                   {"-p",
                    std::to_string(call.place.port),
                    "-l",
                    call.place.user,
                    "--",
                    call.place.host,
                    call.program + " " + quoted_for_shell(path_at_host(call.place.path))});
    return command;
}

RemoteError ssh_failure(std::optional<int> exit_code,
                        const std::string& complaints,
                        const SshCall& call,
                        const std::string& doing) {
    if (!exit_code) return {Kind::Retry, doing, "ssh was killed"};
    if (*exit_code == kOwnError) return own_failure(complaints, call, doing);
    return {
        Kind::GiveUp,
        doing,
        "there is no such repository, or none that we may read: the server says " + last_words(complaints)};
}

bool is_unreached(std::optional<int> exit_code, const std::string& complaints) {
    return exit_code == kOwnError && says(complaints, "ssh: connect to host");
}

}  // namespace heddle
