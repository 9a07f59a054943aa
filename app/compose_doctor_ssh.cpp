// SPDX-License-Identifier: Apache-2.0
#include "app/compose_doctor_ssh.hpp"

#include <algorithm>

#include "app/config/ssh_url.hpp"
#include "app/forges/git/child_program.hpp"
#include "app/forges/git/ssh_command.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

constexpr std::chrono::seconds kPatience{5};
constexpr const char* kAbout = "ssh";

/// ssh-keygen reads the file as ssh does, hashed names and patterns among it. Throws RemoteError.
bool knows_host(const std::string& file, const SshUrl& place) {
    ChildProgram look({"ssh-keygen", "-F", host_in_known_hosts(place), "-f", file},
                      ChildProgram::Clock::now() + kPatience,
                      "look into " + file);
    return look.finish(kPatience) == 0;
}

bool lacks_key(const ListedToken& token, const Forge& forge) {
    return token.forge == forge.settings.name && token.enabled &&
           token.credential == ListedToken::Credential::None;
}

Finding examine(const Forge& forge, const SshUrl& place, const std::vector<ListedToken>& tokens) {
    const std::string& name = forge.settings.name;
    const std::string& file = forge.settings.known_hosts;
    const std::string host = host_in_known_hosts(place);
    if (file.empty()) return {kAbout, false, "the forge " + name + " needs known_hosts"};
    try {
        if (!knows_host(file, place))
            return {
                kAbout, false, file + " has no key of " + host + ": the forge " + name + " can't be asked"};
    } catch (const RemoteError& error) {
        return {kAbout, false, std::string(error.what()) + " (package openssh-client)"};
    }
    for (const ListedToken& token : tokens)
        if (lacks_key(token, forge))
            return {kAbout,
                    false,
                    "token " + std::to_string(token.id) + " has no private key for the forge " + name +
                        ": `heddle token edit " + std::to_string(token.id) + " --scm-token-file FILE`"};
    return {kAbout, true, "the key of " + host + " is known"};
}

}  // namespace

std::vector<Finding> examine_ssh(const std::vector<Forge>& forges, const std::vector<ListedToken>& tokens) {
    std::vector<Finding> findings;
    for (const Forge& forge : forges) {
        const auto place = parse_ssh_url(forge.settings.api_url);
        if (place && forge.tokens > 0) findings.push_back(examine(forge, *place, tokens));
    }
    return findings;
}

}  // namespace heddle
